import type { Context } from '../../context.ts';
import type { Platform } from '../../platforms/platform.ts';
import type { CampaignRecord } from '../../store/campaign.ts';
import { markSending, postponeArmed, unmark } from '../../store/delivery.ts';
import type { ShardLease } from '../../store/shard.ts';
import { createFlight, type Flight } from './flight.ts';
import { createLanes, type Lanes } from './lanes.ts';
import { createOutcomes, type Outcomes } from './outcomes.ts';
import type { Ready } from './prepare.ts';
import type { Sent } from './settlement.ts';
import { until } from './until.ts';
import { createWidth } from './width.ts';

/** Posts are marked in groups of so many: one group is being sent while the next is being marked. */
const GROUP = 32;
/** Shards that send at the same time in one process; the others hold their posts ready behind them. */
const LANES = 6;
/** The first marks are committed so long before the moment, since a commit takes a few milliseconds. */
const MARK_AHEAD_MS = 250;

const lanes: Lanes = createLanes(LANES);
const width = createWidth();
/** Posts of this process under way. With two groups a lane, all that a crash can leave in doubt. */
const places: Flight = createFlight(() => width.now());

export interface Burst {
  ctx: Context;
  platform: Platform;
  campaign: CampaignRecord;
  held: ShardLease;
  /** Not a byte before then. Epoch milliseconds of the database clock. */
  notBeforeMs: number;
  /** Aborted when the shard is lost or the process is to stop. */
  signal: AbortSignal;
  /** Set by the first answer that says so: the whole app or host has to wait until then. */
  throttledUntil?: Date;
}

/**
 * Sends a shard: marks go ahead of the sends in a rolling window, outcomes follow behind in batches, and the sends wait for
 * neither, nor for the slowest answer. Returns false when it ended early, with the rest left armed for somebody else.
 */
export async function sendShard(burst: Burst, ready: readonly Ready[]): Promise<boolean> {
  const { ctx, campaign, held, notBeforeMs, signal } = burst;
  if (!(await until(ctx.clock, notBeforeMs - MARK_AHEAD_MS, signal))) return false;
  const leave = await lanes.enter();
  const flight = createFlight(() => Number.POSITIVE_INFINITY);
  const outcomes = createOutcomes(ctx, campaign, held);
  try {
    const groups = groupsOf(ready);
    let marked = mark(burst, groups[0] ?? []);
    for (const [index] of groups.entries()) {
      const group = await marked;
      const open = await until(ctx.clock, notBeforeMs, signal);
      const next = open ? index + 1 : groups.length;
      marked = mark(burst, groups[next] ?? []);
      const unsent = await sendGroup(burst, group, flight, outcomes);
      if (unsent.length > 0 || signal.aborted || burst.throttledUntil) {
        const untouched = groups.slice(open ? index + 2 : index + 1).flat();
        return await endEarly(burst, [...unsent, ...(await marked)], untouched);
      }
    }
    return true;
  } finally {
    leave();
    await flight.landed();
    await outcomes.written();
  }
}

function groupsOf(ready: readonly Ready[]): Ready[][] {
  const groups: Ready[][] = [];
  for (let from = 0; from < ready.length; from += GROUP)
    groups.push(ready.slice(from, from + GROUP));
  return groups;
}

/** Sends a marked group as there is room for it. Returns what must not be sent any more. */
async function sendGroup(
  burst: Burst,
  group: readonly Ready[],
  flight: Flight,
  outcomes: Outcomes,
): Promise<readonly Ready[]> {
  for (const [index, entry] of group.entries()) {
    if (places.isFull()) width.full();
    await places.room();
    if (burst.signal.aborted || burst.throttledUntil) return group.slice(index);
    const send = async (): Promise<void> => {
      const sent = await sendOne(burst, entry);
      if (sent.outcome.kind === 'throttled') burst.throttledUntil ??= sent.outcome.until;
      outcomes.add(sent);
    };
    const sending = send();
    places.launch(() => sending);
    flight.launch(() => sending);
  }
  return [];
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
  const outcome = await burst.platform.prepare(order)();
  return { delivery, outcome, sentAtMs, answeredAtMs: clock.now() };
}

/**
 * Marked, but not a byte has been written: these are nobody's doubt, and are given back. When the whole app is throttled they
 * wait with the rest of the shard, which is then done; else the rest is left armed.
 */
async function endEarly(
  burst: Burst,
  marked: readonly Ready[],
  rest: readonly Ready[],
): Promise<boolean> {
  const { ctx, held, throttledUntil } = burst;
  const ids = marked.map((entry) => entry.delivery.id);
  await unmark(ctx.db, held, ids);
  if (!throttledUntil) return false;
  const left = [...ids, ...rest.map((entry) => entry.delivery.id)];
  await postponeArmed(ctx.db, held, left, throttledUntil);
  return true;
}
