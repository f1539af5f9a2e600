import type { Context } from '../../context.ts';
import { findFreeShards } from '../../store/shard.ts';

/** Hands out every shard that is due within the arming lead and not leased; of one campaign, or of all. */
export async function armShards(ctx: Context, input: { campaignId?: string } = {}): Promise<void> {
  for (const { id, platform } of await findArmableShards(ctx, input.campaignId)) {
    // What the queue does not take, the sweep fires.
    await ctx.queues.enqueue('fire', { shardId: id }, { platform });
  }
}

/** Shards that are due within the arming lead, that have no lease, and whose platform is connected. */
export async function findArmableShards(
  ctx: Context,
  campaignId?: string,
): Promise<{ id: string; platform: string }[]> {
  const until = new Date(ctx.clock.now() + ctx.config.delivery.armLeadMs);
  const shards = await findFreeShards(ctx.db, until, campaignId);
  // A platform that is not connected any more has no queue; its deliveries wait for it until they are too late.
  return shards.filter(({ platform }) => ctx.platforms.has(platform));
}
