import type { Context } from '../../context.ts';
import type { Platform } from '../../platforms/platform.ts';
import { checkClock } from '../check-clock.ts';
import type { BurstShard, Entry } from './entry.ts';
import type { Lane } from './lane.ts';
import { createMarks, type Marks } from './marks.ts';
import type { OutcomeWriter } from './outcome-writer.ts';
import { createPace } from './pace.ts';
import type { Records } from './records.ts';
import { until } from './until.ts';
import { createWidth, type Width } from './width.ts';

/** Every post of one process to one host of a platform that is due at one instant. */
export interface Burst {
  /** Resolves once every post of the shard is written down, or given up for somebody else. */
  join(shard: BurstShard): Promise<void>;
}

export interface BurstOptions {
  ctx: Context;
  platform: Platform;
  host: string;
  lane: Lane;
  writer: OutcomeWriter;
  records: Records;
  /** Not a byte before then. Epoch milliseconds of the database clock. */
  notBeforeMs: number;
  /** Called when nothing is left in it. */
  drained(): void;
}

/** Connections are opened so long before the instant: late enough that no server closes them for idleness. */
const WARM_AHEAD_MS = 3_000;
/** From these the platform's answer time is learned, and with it how many will be needed. */
const FIRST_CONNECTIONS = 64;
/** The first marks are committed so long before the instant, since a commit takes a few milliseconds. */
const MARK_AHEAD_MS = 150;
/**
 * A mark older than this is not acted on: the process has been held up, and its lease may have passed to somebody who takes
 * the post for one in doubt. Shorter than a lease lasts, and than reconcile waits.
 */
export const STALE_MARK_MS = 2_000;
const ADJUST_MS = 20;

/**
 * Sends what its shards hold: marks go ahead in a rolling window, outcomes follow behind in batches, and the sends wait for
 * neither. How many are in flight follows the platform's own speed.
 */
export function createBurst(options: BurstOptions): Burst {
  const { ctx, platform, host, lane, writer, records, notBeforeMs } = options;
  let width: Width = createWidth(null, platform.connections);
  let inFlight = 0;
  let unfinished = 0;
  let open = false;
  let started = false;

  const mayMark = ({ shard }: Entry): boolean =>
    !shard.signal.aborted && !lane.isHeld(shard.campaign.id);
  const maySend = (entry: Entry): boolean =>
    mayMark(entry) && ctx.clock.now() - entry.markedAtMs < STALE_MARK_MS;
  /** The wait may have ended by a clock that has been put right since; `open` alone does not say that it is time. */
  const isTime = (): boolean => open && (ctx.stopping.aborted || ctx.clock.now() >= notBeforeMs);
  const finish = (entry: Entry): void => {
    unfinished--;
    entry.leave();
    if (unfinished === 0) options.drained();
  };
  const giveUp = (entries: readonly Entry[]): void => {
    for (const entry of entries) finish(entry);
  };

  const pump = (): void => {
    const unsent: Entry[] = [];
    while (isTime() && inFlight < width.now() && lane.hasRoom()) {
      const entry = marks.take();
      if (!entry) break;
      if (maySend(entry)) void send(entry);
      else unsent.push(entry);
    }
    if (unsent.length > 0) void giveBack(unsent);
    marks.fill();
  };
  const send = async (entry: Entry): Promise<void> => {
    inFlight++;
    lane.begin();
    const sentAtMs = ctx.clock.now();
    let networkAtMs: number | null = null;
    const outcome = await entry.ready.send((ms) => {
      networkAtMs = ms;
    });
    inFlight--;
    if (outcome.kind === 'posted') width.prove();
    lane.heed(entry.shard.campaign.id, outcome);
    const { shard, ready } = entry;
    const sent = {
      networkAtMs,
      held: shard.held,
      campaign: shard.campaign,
      delivery: ready.delivery,
    };
    writer.add({ ...sent, outcome, sentAtMs, answeredAtMs: ctx.clock.now() }, () => finish(entry));
    pump();
  };
  /** Marked, but not a byte has been written: these are nobody's doubt. */
  const giveBack = async (entries: readonly Entry[]): Promise<void> => {
    await records
      .unmark(entries)
      .catch((error: Error) => ctx.log.warn({ error: error.message }, 'marks not taken back'));
    giveUp(entries);
  };
  const marks: Marks = createMarks(ctx, records, {
    pace: createPace(platform.postsPerSecond),
    mayMark,
    marked: pump,
    refused: giveUp,
  });

  /** Beside the wait for the instant, which does not wait for a platform that is slow to shake hands. */
  const warm = async (): Promise<void> => {
    const answerMs = await platform.warm(host, Math.min(unfinished, FIRST_CONNECTIONS));
    // Its answers have told its time; what would be early is held before the first mark.
    void checkClock(ctx).catch((error: Error) =>
      ctx.log.warn({ error: error.message }, 'clock not checked'),
    );
    if (open) return;
    width = createWidth(answerMs, platform.connections);
    const wanted = Math.min(unfinished, width.most());
    if (wanted > FIRST_CONNECTIONS) await platform.warm(host, wanted);
  };
  const run = async (): Promise<void> => {
    if (await until(ctx.clock, notBeforeMs - WARM_AHEAD_MS, ctx.stopping)) void warm();
    await until(ctx.clock, notBeforeMs - MARK_AHEAD_MS, ctx.stopping);
    marks.fill();
    await until(ctx.clock, notBeforeMs, ctx.stopping);
    open = true;
    const adjusting = setInterval(() => {
      if (unfinished === 0) clearInterval(adjusting);
      width.adjust(inFlight >= width.now());
      pump();
    }, ADJUST_MS);
    pump();
  };

  return {
    join: (shard) =>
      new Promise((resolve) => {
        let left = shard.ready.length;
        if (left === 0) resolve();
        unfinished += left;
        const leave = (): void => {
          left--;
          if (left === 0) resolve();
        };
        const { ready: all, ...rest } = shard;
        marks.add(all.map((ready) => entryOf(rest, ready, leave)));
        if (!started) void run();
        else if (open) pump();
        started = true;
      }),
  };
}

function entryOf(shard: Entry['shard'], ready: Entry['ready'], leave: () => void): Entry {
  const { held } = shard;
  const deliveryId = ready.delivery.id;
  return { deliveryId, shardId: held.id, lease: held.lease, ready, shard, markedAtMs: 0, leave };
}
