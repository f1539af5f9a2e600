import type { Context } from '../../context.ts';
import { type CampaignUpdateRecord, listUpdates } from '../../store/campaign-update.ts';
import { findNamed } from './find-campaign.ts';
import { MAX_UPDATES } from './post-update.ts';

/** What a campaign told so far, the newest first. @throws NotFoundError */
export async function showUpdates(
  ctx: Context,
  input: { slug: string },
): Promise<CampaignUpdateRecord[]> {
  const { id } = await findNamed(ctx, input.slug);
  return listUpdates(ctx.db, id, MAX_UPDATES);
}
