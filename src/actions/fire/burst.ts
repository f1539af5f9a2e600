import type { Context } from '../../context.ts';
import type { Platform } from '../../platforms/platform.ts';
import type { CampaignRecord } from '../../store/campaign.ts';
import { markSending, postponeArmed, settle, unmark } from '../../store/delivery.ts';
import type { ShardLease } from '../../store/shard.ts';
import { createLanes, type Lanes } from './lanes.ts';
import type { Ready } from './prepare.ts';
import { type Sent, settlementOf } from './settlement.ts';
import { until } from './until.ts';

/** So many posts are marked ahead and sent together: all that a crash can leave in doubt, per lane. */
const WINDOW = 32;
/** Shards that send at the same time in one process; the others hold their posts ready behind them. */
const LANES = 6;
/** The first marks are committed so long before the moment, since a commit takes a few milliseconds. */
const MARK_AHEAD_MS = 250;

const lanes: Lanes = createLanes(LANES);

export interface Burst {
  ctx: Context;
  platform: Platform;
  campaign: CampaignRecord;
  held: ShardLease;
  /** Not a byte before then. Epoch milliseconds of the database clock. */
  notBeforeMs: number;
  /** Aborted when the shard is lost or the process is to stop. */
  signal: AbortSignal;
}

/**
 * Sends a shard: marks go ahead of the sends in a rolling window, outcomes follow behind in batches, and the sends wait for
 * neither. Returns false when it ended early, with the rest left armed for somebody else.
 */
export async function sendShard(burst: Burst, ready: readonly Ready[]): Promise<boolean> {
  const { ctx, notBeforeMs, signal } = burst;
  if (!(await until(ctx.clock, notBeforeMs - MARK_AHEAD_MS, signal))) return false;
  const leave = await lanes.enter();
  const written: Promise<void>[] = [];
  try {
    const windows = windowsOf(ready);
    let marked = mark(burst, windows[0] ?? []);
    for (let i = 0; i < windows.length; i++) {
      const window = await marked;
      if (!(await until(ctx.clock, notBeforeMs, signal))) {
        // Marked, but not a byte has been written: these are nobody's doubt.
        await unmark(
          ctx.db,
          burst.held,
          window.map((entry) => entry.delivery.id),
        );
        return false;
      }
      const last = i + 1 >= windows.length;
      marked = last ? Promise.resolve([]) : mark(burst, windows[i + 1] ?? []);
      const sent = await Promise.all(window.map((entry) => sendOne(burst, entry)));
      written.push(write(burst, sent));
      const throttled = sent.find((entry) => entry.outcome.kind === 'throttled');
      if (throttled?.outcome.kind === 'throttled') {
        await postponeRest(burst, await marked, windows.slice(i + 2), throttled.outcome.until);
        return true;
      }
    }
    return true;
  } finally {
    leave();
    await Promise.all(written);
  }
}

function windowsOf(ready: readonly Ready[]): Ready[][] {
  const windows: Ready[][] = [];
  for (let from = 0; from < ready.length; from += WINDOW) {
    windows.push(ready.slice(from, from + WINDOW));
  }
  return windows;
}

/** Commits the dispatch mark; only what it returns may be sent. */
async function mark(burst: Burst, window: readonly Ready[]): Promise<Ready[]> {
  if (window.length === 0) return [];
  const ids = window.map((entry) => entry.delivery.id);
  const marked = await markSending(burst.ctx.db, burst.held, ids);
  return window.filter((entry) => marked.has(entry.delivery.id));
}

async function sendOne(burst: Burst, { delivery, order }: Ready): Promise<Sent> {
  const { clock } = burst.ctx;
  const sentAtMs = clock.now();
  const outcome = await burst.platform.post(order);
  return { delivery, outcome, sentAtMs, answeredAtMs: clock.now() };
}

async function write(burst: Burst, sent: readonly Sent[]): Promise<void> {
  const { ctx, campaign, held } = burst;
  const batch = await Promise.all(sent.map((entry) => settlementOf(ctx, campaign, entry)));
  await settle(ctx.db, ctx.workerName, held.campaignId, held, batch);
}

/** The whole app is throttled: what is marked is given back, and it waits with the rest of the shard. */
async function postponeRest(
  burst: Burst,
  marked: readonly Ready[],
  rest: readonly Ready[][],
  throttledUntil: Date,
): Promise<void> {
  const { ctx, held } = burst;
  const markedIds = marked.map((entry) => entry.delivery.id);
  await unmark(ctx.db, held, markedIds);
  const ids = [...markedIds, ...rest.flat().map((entry) => entry.delivery.id)];
  await postponeArmed(ctx.db, held, ids, throttledUntil);
}
