import type { Context } from '../../context.ts';
import type { Platform } from '../../platforms/platform.ts';
import { findCampaign, moveCampaign } from '../../store/campaign.ts';
import { armShard, disarm } from '../../store/delivery.ts';
import { type LeasedShard, leaseShard, releaseShard, renewLease } from '../../store/shard.ts';
import { isDueAsDecided } from '../campaign/check-decided.ts';
import { untilHeard } from '../health/check-clock.ts';
import { STALE_MARK_MS } from './burst/burst.ts';
import type { BurstShard } from './burst/burst-entry.ts';
import { getBurst } from './burst/bursts.ts';
import { prepareShard } from './burst/prepare-shard.ts';

/** A shard's lease: a worker that has died is noticed after this time. */
const LEASE_MS = 4_000;
const RENEW_MS = 1_000;
/**
 * One shard from lease to last outcome: lease, arm, prepare, wait for the moment on our own timer, send. The queue only
 * wakes this up; when the post goes out is decided here, by the database's clock.
 */
export async function fireShard(ctx: Context, input: { shardId: string }): Promise<void> {
  const leased = await leaseShard(ctx.db, input.shardId, ctx.workerName, LEASE_MS);
  if (!leased) return;
  ctx.crash('after-lease');
  const keeper = keepLease(ctx, leased);
  try {
    await fireHeld(ctx, leased, keeper.signal);
  } finally {
    keeper.stop();
    // What is still armed under our fence goes back, whether we stopped, lost the shard or failed.
    await disarm(ctx.db, leased);
    await releaseShard(ctx.db, leased);
  }
}

async function fireHeld(ctx: Context, leased: LeasedShard, signal: AbortSignal): Promise<void> {
  const campaign = await findCampaign(ctx.db, { id: leased.campaignId });
  const platform = ctx.platforms.get(leased.platform);
  if (!campaign || !platform) return;
  await untilHeard(ctx, [leased.platform]);
  const bursts = await joinBursts(ctx, platform, { leased, campaign, signal });
  if (bursts === null) return;
  await Promise.all(bursts);
  // Not so when the process is to stop, or when the shard had nothing to be sent.
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
  { leased, campaign, signal }: Pick<BurstShard, 'leased' | 'campaign' | 'signal'>,
): Promise<Promise<void>[] | null> {
  const deliveries = await armShard(ctx.db, leased, ctx.workerName, {
    afterMs: ctx.config.delivery.reconcileDelayMs,
    // A send may wait that long for its connection, and again for its answer.
    markedForMs: STALE_MARK_MS + 2 * platform.timeoutMs,
  });
  if (!(await isDueAsDecided(ctx, campaign, leased))) return null;
  const prepared = await prepareShard(ctx, platform, { leased, campaign }, deliveries);
  if (signal.aborted) return [];
  const notBeforeMs = Math.max(campaign.moment.instant.getTime(), leased.dueAt.getTime());
  // One as a rule; two when accounts have moved since they pledged.
  return [...prepared].map(([host, prepared]) => {
    const shard = { leased, campaign, host, prepared, signal };
    return getBurst(ctx, platform, shard, notBeforeMs).join(shard);
  });
}

interface LeaseKeeper {
  /** Aborted when the shard is lost, or when the process is to stop. */
  signal: AbortSignal;
  stop(): void;
}

/** Renews a shard's lease. One missed renewal is no harm; when the lease is lost, another worker has the shard. */
function keepLease(ctx: Context, leased: LeasedShard): LeaseKeeper {
  const lost = new AbortController();
  const timer = setInterval(async () => {
    try {
      if (!(await renewLease(ctx.db, leased, LEASE_MS))) lost.abort();
    } catch (error) {
      ctx.log.warn({ shard: leased.id, error: (error as Error).message }, 'lease not renewed');
    }
  }, RENEW_MS);
  return {
    signal: AbortSignal.any([lost.signal, ctx.stopping]),
    stop: () => clearInterval(timer),
  };
}
