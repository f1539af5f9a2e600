import type { Context } from '../context.ts';
import type { Platform } from '../platforms/platform.ts';
import { findCampaign, moveCampaign } from '../store/campaign.ts';
import { armShard, disarm } from '../store/delivery.ts';
import { leaseShard, releaseShard, renewLease, type ShardLease } from '../store/shard.ts';
import { untilHeard } from './check-clock.ts';
import { isDueAsDecided } from './check-decided.ts';
import { STALE_MARK_MS } from './fire/burst.ts';
import { burstAt } from './fire/bursts.ts';
import type { BurstShard } from './fire/entry.ts';
import { prepareShard } from './fire/prepare.ts';

/** A holder that dies is noticed after so long. */
const LEASE_MS = 4_000;
const RENEW_MS = 1_000;
/**
 * One shard from lease to last outcome: lease, arm, prepare, wait for the moment on our own timer, send. The queue only
 * wakes this up; when the post goes out is decided here, by the database's clock.
 */
export async function fireShard(ctx: Context, input: { shardId: string }): Promise<void> {
  const held = await leaseShard(ctx.db, input.shardId, ctx.workerName, LEASE_MS);
  if (!held) return;
  ctx.crash('after-lease');
  const keeper = keepLease(ctx, held);
  try {
    await fireHeld(ctx, held, keeper.signal);
  } finally {
    keeper.stop();
    // What is still armed under our fence goes back, whether we stopped, lost the shard or failed.
    await disarm(ctx.db, held);
    await releaseShard(ctx.db, held);
  }
}

async function fireHeld(ctx: Context, held: ShardLease, signal: AbortSignal): Promise<void> {
  const campaign = await findCampaign(ctx.db, { id: held.campaignId });
  const platform = ctx.platforms.get(held.platform);
  if (!campaign || !platform) return;
  await untilHeard(ctx, [held.platform]);
  const bursts = await joinBursts(ctx, platform, { held, campaign, signal });
  if (bursts === null) return;
  await Promise.all(bursts);
  // Not so when the process is to stop, or when nobody in it had anything to be sent.
  const isPast = ctx.clock.now() >= campaign.moment.instant.getTime();
  if (isPast) await moveCampaign(ctx.db, campaign.id, 'locked', 'firing');
}

/**
 * Gives the shard's posts to the burst of each host; returns when each is over. What was loaded and opened for that is let go of
 * here, since nothing lasts longer than the wait for the moment. Null: its due time is not the decided one, so nothing of it is sent.
 */
async function joinBursts(
  ctx: Context,
  platform: Platform,
  { held, campaign, signal }: Pick<BurstShard, 'held' | 'campaign' | 'signal'>,
): Promise<Promise<void>[] | null> {
  const deliveries = await armShard(ctx.db, held, ctx.workerName, {
    afterMs: ctx.config.delivery.reconcileDelayMs,
    // A send may wait that long for its connection, and again for its answer.
    markedForMs: STALE_MARK_MS + 2 * platform.timeoutMs,
  });
  if (!(await isDueAsDecided(ctx, campaign, held))) return null;
  const prepared = await prepareShard(ctx, platform, { held, campaign }, deliveries);
  if (signal.aborted) return [];
  const notBeforeMs = Math.max(campaign.moment.instant.getTime(), held.dueAt.getTime());
  // One as a rule; two when accounts have moved since they pledged.
  return [...prepared].map(([host, ready]) => {
    const shard = { held, campaign, host, ready, signal };
    return burstAt(ctx, platform, shard, notBeforeMs).join(shard);
  });
}

interface LeaseKeeper {
  /** Aborted when the shard is lost, or when the process is to stop. */
  signal: AbortSignal;
  stop(): void;
}

/** Holds on to a shard. One renewal missed is no harm; a lease found lost is the end, since somebody else has it. */
function keepLease(ctx: Context, held: ShardLease): LeaseKeeper {
  const lost = new AbortController();
  const timer = setInterval(async () => {
    try {
      if (!(await renewLease(ctx.db, held, LEASE_MS))) lost.abort();
    } catch (error) {
      ctx.log.warn({ shard: held.id, error: (error as Error).message }, 'lease not renewed');
    }
  }, RENEW_MS);
  return {
    signal: AbortSignal.any([lost.signal, ctx.stopping]),
    stop: () => clearInterval(timer),
  };
}
