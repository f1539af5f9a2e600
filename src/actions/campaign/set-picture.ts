import type { Context } from '../../context.ts';
import { UNAPPROVED } from '../../domain/campaign.ts';
import { ConflictError, InputError } from '../../domain/errors.ts';
import { type CampaignRecord, lockCampaignForShare } from '../../store/campaign.ts';
import { audit } from '../../store/operator.ts';
import { type PictureRecord, replacePicture } from '../../store/picture.ts';
import { encodePicture } from './encode-picture.ts';
import { findNamed } from './find-campaign.ts';

/** A campaign with the picture that it has now. */
export interface SetPicture {
  campaign: CampaignRecord;
  picture: PictureRecord;
}

/**
 * Gives a campaign its picture, in the place of one that it had, while it waits for approval.
 * @throws NotFoundError; ConflictError `campaign_frozen`; InputError on `picture`. Nothing is stored then.
 */
export async function setPicture(
  ctx: Context,
  input: { slug: string; bytes: Uint8Array; author: string },
): Promise<SetPicture> {
  const { slug, author } = input;
  const campaign = await findNamed(ctx, slug);
  refuseFrozen(campaign.state);
  refuseUnnamed(campaign);
  const { hash, sizes } = await encodePicture(input.bytes);
  await ctx.db.transaction().execute(async (db) => {
    // An approval waits for this transaction, or was committed before it.
    refuseFrozen((await lockCampaignForShare(db, campaign.id)) ?? campaign.state);
    await replacePicture(db, { campaignId: campaign.id, hash, author, sizes });
    await audit(db, { actor: author, action: 'campaign.picture', subject: slug });
  });
  const shown = sizes.map(({ width, height }) => ({ width, height }));
  return { campaign, picture: { hash, author, sizes: shown } };
}

function refuseFrozen(state: CampaignRecord['state']): void {
  if (UNAPPROVED.includes(state)) return;
  throw new ConflictError(
    'campaign_frozen',
    `The campaign is ${state.replaceAll('_', ' ')}: what a second person has approved does not change, and its picture neither; create the campaign again, with another slug, for another picture`,
  );
}

/** Those who cannot see a picture are told what is on it, or there is none. */
function refuseUnnamed({ content }: CampaignRecord): void {
  if (content.picture) return;
  const message =
    'the campaign does not say what it shows; create the campaign with `picture` and its `alt` in every locale';
  throw new InputError([{ field: 'picture', message }]);
}
