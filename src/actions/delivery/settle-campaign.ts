import type { Context } from '../../context.ts';
import { type CampaignRecord, findCampaign, moveCampaign } from '../../store/campaign.ts';
import { notify } from '../../store/connection/database.ts';
import { retireSpentCredentials } from '../../store/credential.ts';
import { hasUnfinished } from '../../store/delivery.ts';
import { shownState } from '../../store/sending.ts';
import { sumReach } from './sum-reach.ts';

/** While a campaign is not settled, revoking begins this long after the moment. */
const BURST_MS = 30_000;

/**
 * After the moment: gives the credentials of final deliveries to the revoker, and closes the campaign once nothing more
 * will happen by itself.
 */
export async function settleCampaign(ctx: Context, input: { campaignId: string }): Promise<void> {
  const campaign = await findCampaign(ctx.db, { id: input.campaignId });
  if (campaign?.state !== 'firing') return;
  const settled = !(await hasUnfinished(ctx.db, campaign.id));
  await sumReachOnce(ctx, campaign, settled);
  // Not while the burst runs: revoking would compete with posting for the platform's patience and for ours.
  const calm = settled || ctx.clock.now() > campaign.moment.instant.getTime() + BURST_MS;
  const retired = calm ? await retireSpentCredentials(ctx.db, campaign.id, settled) : 0;
  if (settled) ctx.crash('in-settle');
  if (settled && (await moveCampaign(ctx.db, campaign.id, 'firing', 'settled'))) {
    ctx.log.info({ campaign: campaign.slug }, 'settled');
  }
  await notify(ctx.db, 'delivery', campaign.id);
  if (retired > 0) await ctx.queues.enqueue('revoke', {});
}

/** With the result, and once more when the last doubt has ended. */
async function sumReachOnce(
  ctx: Context,
  campaign: CampaignRecord,
  settled: boolean,
): Promise<void> {
  const isFirst = campaign.reach === null;
  if (!settled && !(isFirst && (await shownState(ctx.db, campaign)) === 'settled')) return;
  await sumReach(ctx, campaign.id);
}
