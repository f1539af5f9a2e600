import type { Context } from '../../context.ts';
import { gatherDue } from '../../store/shard.ts';
import { armShards } from './arm-shards.ts';
import { planShards } from './lock-campaign.ts';

/** Gathers deliveries whose waiting is over into new shards and hands those out. */
export async function gatherDeliveries(ctx: Context, input: { campaignId: string }): Promise<void> {
  const count = await gatherDue(ctx.db, planShards(ctx, input.campaignId));
  if (count > 0) await armShards(ctx, input);
}
