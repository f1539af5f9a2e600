import type { Context } from '../../context.ts';
import type { CampaignRecord } from '../../store/campaign.ts';
import { notify } from '../../store/connection/database.ts';

/**
 * Sets the alarms of a campaign. They only save the sweep the looking: if the queue is down or forgets, the sweep, which is
 * woken, finds in the records what is due.
 */
export async function scheduleCampaign(ctx: Context, campaign: CampaignRecord): Promise<void> {
  const payload = { campaignId: campaign.id };
  try {
    await notify(ctx.db, 'work', campaign.id);
    await ctx.queues.enqueue('preflight', payload, { at: campaign.preflightAt });
    await ctx.queues.enqueue('lock', payload, { at: campaign.lockAt });
    await ctx.queues.enqueue('arm', payload, { at: campaign.armAt });
  } catch (error) {
    ctx.log.warn({ error: (error as Error).message }, 'alarms not set; the sweep will do');
  }
}
