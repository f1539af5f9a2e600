import type { Context } from '../../context.ts';
import { NotFoundError } from '../../domain/errors.ts';
import { type CampaignUpdateRecord, deleteUpdate } from '../../store/campaign-update.ts';
import { audit } from '../../store/operator.ts';
import { findNamed } from './find-campaign.ts';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Takes an update off the page and forgets its text: it may have named what it should not have. The audit log keeps who did
 * it, and when. @throws NotFoundError
 */
export async function withdrawUpdate(
  ctx: Context,
  input: { slug: string; id: string; author: string },
): Promise<CampaignUpdateRecord> {
  const { slug, id, author } = input;
  const campaign = await findNamed(ctx, slug);
  const by = { id, campaignId: campaign.id };
  const withdrawn = await ctx.db.transaction().execute(async (db) => {
    const update = UUID.test(id) ? await deleteUpdate(db, by) : null;
    const subject = `${slug} ${id}`;
    if (update) await audit(db, { actor: author, action: 'campaign.update.withdraw', subject });
    return update;
  });
  if (!withdrawn) throw noUpdate(slug, id);
  return withdrawn;
}

function noUpdate(slug: string, id: string): NotFoundError {
  const message = `The campaign "${slug}" has no update "${id}"; its list of updates has their ids`;
  return new NotFoundError(message, 'id');
}
