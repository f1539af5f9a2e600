import type { Context } from '../../context.ts';
import { findCampaign, moveCampaign } from '../../store/campaign.ts';
import { analyzeDeliveries, createDeliveries, type ShardPlan } from '../../store/shard.ts';
import { raiseEpoch } from '../../store/stop/restored.ts';
import { holdDoubtful } from '../campaign/check-moment.ts';
import { noteEpoch } from '../stop/check-restored.ts';

/** Closes joining and makes one delivery for every active pledge. Does nothing before its time, or a second time. */
export async function lockCampaign(ctx: Context, input: { campaignId: string }): Promise<void> {
  const campaign = await findCampaign(ctx.db, { id: input.campaignId });
  if (campaign?.state !== 'open' || campaign.lockAt.getTime() > ctx.clock.now()) return;
  // A closing time that was not decided does not end joining.
  if ((await holdDoubtful(ctx, campaign)).decided !== 'decided') return;
  const count = await ctx.db.transaction().execute(async (db) => {
    // Joins and withdrawals under way hold this row, so that each of them is either before the lock or after it.
    if (!(await moveCampaign(db, campaign.id, 'open', 'locked'))) return null;
    const made = await createDeliveries(db, planShards(ctx, campaign.id), campaign.moment.instant);
    await raiseEpoch(db);
    ctx.crash('in-lock');
    return made;
  });
  if (count === null) return;
  ctx.crash('after-lock');
  await noteEpoch(ctx);
  await analyzeDeliveries(ctx.db);
  ctx.log.info({ campaign: campaign.slug, deliveries: count }, 'locked');
}

/** How this instance cuts a campaign's deliveries into shards. */
export function planShards(ctx: Context, campaignId: string): ShardPlan {
  return { campaignId, size: ctx.config.delivery.shardSize };
}
