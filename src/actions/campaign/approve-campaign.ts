import type { Context } from '../../context.ts';
import { ConflictError, noCampaign } from '../../domain/errors.ts';
import {
  type CampaignRecord,
  findCampaign,
  moveCampaign,
  setApprover,
} from '../../store/campaign.ts';
import { isMomentHeld } from '../../store/moment.ts';
import { audit } from '../../store/operator.ts';
import { findPicture } from '../../store/picture.ts';
import { changedTimes } from './check-decided.ts';
import { describeDoubt, holdDoubtful } from './check-moment.ts';
import { scheduleCampaign } from './schedule-campaign.ts';

/**
 * Opens a campaign to the public. It takes a second person, unless the configuration says that one person runs the instance.
 * @throws NotFoundError; ConflictError `second_person`, `not_in_review`, `moment_past` or `moment_in_doubt`.
 */
export async function approveCampaign(
  ctx: Context,
  input: { slug: string; operator: string },
): Promise<CampaignRecord> {
  const campaign = await findCampaign(ctx.db, { slug: input.slug });
  if (!campaign) throw noCampaign(input.slug);
  refuseUnfit(ctx, campaign, input.operator);
  await refuseDoubtful(ctx, campaign);
  const opened = await ctx.db.transaction().execute(async (db) => {
    if (!(await moveCampaign(db, campaign.id, 'in_review', 'open'))) return false;
    // From here on the picture cannot be changed.
    const picture = await findPicture(db, campaign.id);
    if (picture) refuseOwn(ctx, picture.author, input.operator);
    await setApprover(db, campaign.id, input.operator);
    await audit(db, {
      actor: input.operator,
      action: 'campaign.approve',
      subject: campaign.slug,
    });
    return true;
  });
  if (!opened) throw notInReview(campaign);
  await scheduleCampaign(ctx, campaign);
  return { ...campaign, state: 'open', approvedBy: input.operator };
}

function refuseUnfit(ctx: Context, campaign: CampaignRecord, operator: string): void {
  if (campaign.state !== 'in_review') throw notInReview(campaign);
  refuseOwn(ctx, campaign.createdBy, operator);
  if (campaign.lockAt.getTime() <= ctx.clock.now()) {
    throw new ConflictError(
      'moment_past',
      'Joining would close before it opened: the moment is past or too near; create the campaign again with a later moment',
    );
  }
}

/** People are not to join for an instant that may be another one. The campaign is held until an operator has decided. */
async function refuseDoubtful(ctx: Context, campaign: CampaignRecord): Promise<void> {
  const standing = await holdDoubtful(ctx, campaign);
  const change = standing.decided === 'decided' ? null : await changedTimes(ctx, campaign);
  const isHeld = change !== null || (await isMomentHeld(ctx.db, campaign.id));
  if (standing.doubts.length === 0 && !isHeld) return;
  throw new ConflictError(
    'moment_in_doubt',
    `${change?.what ?? (standing.doubts.length > 0 ? describeDoubt(campaign, standing) : 'The moment of this campaign was in doubt')}. Decide first whether it keeps its instant or moves: on its page under /ops, or with npm run tocsin -- campaign moment ${campaign.slug} --keep or --move`,
  );
}

/** The author of a campaign may not approve it. */
export function refuseOwn(ctx: Context, author: string, operator: string): void {
  if (ctx.config.soleOperator || person(author) !== person(operator)) return;
  throw new ConflictError(
    'second_person',
    'A campaign is approved by somebody other than its author and whoever sent its picture; where one person runs the instance, set SOLE_OPERATOR=true',
  );
}

/** An API key and a session with the same name, in any case, are the same person. */
function person(name: string): string {
  return name.replace(/^key:/, '').trim().toLowerCase();
}

function notInReview(campaign: CampaignRecord): ConflictError {
  return new ConflictError(
    'not_in_review',
    `The campaign is ${campaign.state.replaceAll('_', ' ')}, so there is nothing to approve; a campaign is approved once, while it is in review`,
  );
}
