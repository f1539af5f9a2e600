import type { Context } from '../context.ts';
import { findFreeShards } from '../store/shard.ts';

/** Hands out every shard that is due within the arming lead and that nobody holds; of one campaign, or of all. */
export async function armShards(ctx: Context, input: { campaignId?: string } = {}): Promise<void> {
  const until = new Date(ctx.clock.now() + ctx.config.delivery.armLeadMs);
  for (const shard of await findFreeShards(ctx.db, until, input.campaignId)) {
    // A platform that is not connected any more has no queue; its deliveries wait for it until they are too late.
    if (!ctx.platforms.has(shard.platform)) continue;
    await ctx.queues.enqueue('fire', { shardId: shard.id }, { platform: shard.platform });
  }
}
