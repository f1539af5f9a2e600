import type { Context } from '../context.ts';
import { findCampaign, moveCampaign } from '../store/campaign.ts';
import { armShard, disarm } from '../store/delivery.ts';
import { leaseShard, releaseShard, renewLease, type ShardLease } from '../store/shard.ts';
import { sendShard } from './fire/burst.ts';
import { prepareShard } from './fire/prepare.ts';
import { until } from './fire/until.ts';

/** A holder that dies is noticed after so long. */
const LEASE_MS = 4_000;
const RENEW_MS = 1_000;
/** Connections are opened so long before the moment: late enough that no server closes them for idleness. */
const WARM_AHEAD_MS = 2_000;
const WARM_CONNECTIONS = 64;

/**
 * One shard from lease to last outcome: lease, arm, prepare, wait for the moment on our own timer, send. The queue only
 * wakes this up; when the post goes out is decided here, by the database's clock.
 */
export async function fireShard(ctx: Context, input: { shardId: string }): Promise<void> {
  const held = await leaseShard(ctx.db, input.shardId, ctx.workerName, LEASE_MS);
  if (!held) return;
  const keeper = keepLease(ctx, held);
  let finished = false;
  try {
    finished = await fireHeld(ctx, held, keeper.signal);
  } finally {
    keeper.stop();
    // What is still armed under our fence goes back, whether we stopped, lost the shard or failed.
    if (!finished) await disarm(ctx.db, held);
    await releaseShard(ctx.db, held, finished);
  }
}

async function fireHeld(ctx: Context, held: ShardLease, signal: AbortSignal): Promise<boolean> {
  const campaign = await findCampaign(ctx.db, { id: held.campaignId });
  const platform = ctx.platforms.get(held.platform);
  if (!campaign || !platform) return false;
  const reconcileAt = new Date(ctx.clock.now() + ctx.config.delivery.reconcileDelayMs);
  const deliveries = await armShard(ctx.db, held, ctx.workerName, reconcileAt);
  const ready = await prepareShard(ctx, held, deliveries);
  const momentMs = campaign.moment.instant.getTime();
  const notBeforeMs = Math.max(momentMs, held.dueAt.getTime());
  if (!(await until(ctx.clock, notBeforeMs - WARM_AHEAD_MS, signal))) return false;
  await platform.warm(Math.min(ready.length, WARM_CONNECTIONS));
  const done = await sendShard({ ctx, platform, campaign, held, notBeforeMs, signal }, ready);
  if (done) await moveCampaign(ctx.db, campaign.id, 'locked', 'firing');
  return done;
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
