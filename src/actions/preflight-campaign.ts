import type { Context } from '../context.ts';
import { findCampaign } from '../store/campaign.ts';
import { findExpiring } from '../store/credential.ts';
import { inParallel } from './in-parallel.ts';
import { refreshCredential } from './refresh-credential.ts';

/** A credential must outlive the moment by this much: the burst, and a look at what is in doubt. */
export const MARGIN_MS = 20 * 60_000;
/** Token endpoints publish no limit, so a few at a time. */
const WIDTH = 4;
const PAGE = 100;

/**
 * Refreshes every credential of a campaign that would end before its moment is over, and marks the dead, so that their owners
 * see it on their receipt while there is time to connect again. What fails for now is left for the next round.
 */
export async function preflightCampaign(
  ctx: Context,
  input: { campaignId: string },
): Promise<void> {
  const campaign = await findCampaign(ctx.db, { id: input.campaignId });
  if (!campaign || !['open', 'locked'].includes(campaign.state)) return;
  const until = new Date(campaign.moment.instant.getTime() + MARGIN_MS);
  const expiring = await findExpiring(ctx.db, campaign.id, until, PAGE);
  const results = { refreshed: 0, busy: 0, dead: 0, failed: 0 };
  await inParallel(expiring, WIDTH, async (pledgeId) => {
    if (ctx.stopping.aborted) return;
    results[await refreshCredential(ctx, pledgeId)]++;
  });
  if (expiring.length > 0) ctx.log.info({ campaign: campaign.slug, ...results }, 'preflight');
}
