import type { Context } from '../../../context.ts';
import type { Platform } from '../../../platforms/platform.ts';
import { checkClock } from '../../health/check-clock.ts';
import { type AdaptiveConcurrency, createAdaptiveConcurrency } from './adaptive-concurrency.ts';
import type { BurstEntry, BurstShard } from './burst-entry.ts';
import type { BurstStore } from './burst-store.ts';
import { createDispatchMarks, type DispatchMarks } from './dispatch-marks.ts';
import type { HostGate } from './host-gate.ts';
import type { OutcomeWriter } from './outcome-writer.ts';
import { sleepUntil } from './sleep-until.ts';
import { createTokenBucket } from './token-bucket.ts';

/** Every post of one process to one host of a platform that is due at one instant. */
export interface Burst {
  /** Resolves once every post of the shard is written down, or left to another worker. */
  join(shard: BurstShard): Promise<void>;
}

export interface BurstOptions {
  ctx: Context;
  platform: Platform;
  host: string;
  gate: HostGate;
  writer: OutcomeWriter;
  store: BurstStore;
  /** Not a byte before then. Epoch milliseconds of the database clock. */
  notBeforeMs: number;
  /** Called when nothing is left in it. */
  onDrained(): void;
}

/** How long before the instant connections are opened: late enough that no server closes them for idleness. */
const CONNECT_AHEAD_MS = 3_000;
/** From these the platform's answer time is learned, and with it how many will be needed. */
const FIRST_CONNECTIONS = 64;
/** How long before the instant the first marks are committed, since a commit takes a few milliseconds. */
const MARK_AHEAD_MS = 150;
/**
 * A mark older than this is not acted on: the process has been held up, and its lease may have passed to a worker that
 * treats the post as one in doubt. Shorter than a lease lasts, and than reconcile waits.
 */
export const STALE_MARK_MS = 2_000;
const ADJUST_MS = 20;

/**
 * Sends what its shards hold: marks go ahead in a rolling window, outcomes follow behind in batches, and the sends wait for
 * neither. How many are in flight follows the platform's own speed.
 */
export function createBurst(options: BurstOptions): Burst {
  const { ctx, platform, host, gate, writer, store, notBeforeMs } = options;
  let concurrency: AdaptiveConcurrency = createAdaptiveConcurrency(null, platform.connections);
  let inFlight = 0;
  let unfinished = 0;
  let open = false;
  let started = false;

  const mayMark = ({ shard }: BurstEntry): boolean =>
    !shard.signal.aborted && !gate.isPaused(shard.campaign.id);
  const maySend = (entry: BurstEntry): boolean =>
    mayMark(entry) && ctx.clock.now() - entry.markedAtMs < STALE_MARK_MS;
  /** The wait may have ended by a clock that has been put right since; `open` alone does not say that it is time. */
  const isTime = (): boolean => open && (ctx.stopping.aborted || ctx.clock.now() >= notBeforeMs);
  const finish = (entry: BurstEntry): void => {
    unfinished--;
    entry.onDone();
    if (unfinished === 0) options.onDrained();
  };
  const giveUp = (entries: readonly BurstEntry[]): void => {
    for (const entry of entries) finish(entry);
  };

  const pump = (): void => {
    const unsent: BurstEntry[] = [];
    while (isTime() && inFlight < concurrency.limit() && gate.canAcquire()) {
      const entry = marks.take();
      if (!entry) break;
      if (maySend(entry)) void send(entry);
      else unsent.push(entry);
    }
    if (unsent.length > 0) void giveBack(unsent);
    marks.fill();
  };
  const send = async (entry: BurstEntry): Promise<void> => {
    inFlight++;
    gate.acquire();
    const sentAtMs = ctx.clock.now();
    let networkAtMs: number | null = null;
    const outcome = await entry.prepared.send((ms) => {
      networkAtMs = ms;
    });
    inFlight--;
    if (outcome.kind === 'posted') concurrency.onPosted();
    gate.onOutcome(entry.shard.campaign.id, outcome);
    const { shard, prepared } = entry;
    const sentPost = {
      networkAtMs,
      leased: shard.leased,
      campaign: shard.campaign,
      delivery: prepared.delivery,
    };
    writer.add({ ...sentPost, outcome, sentAtMs, answeredAtMs: ctx.clock.now() }, () =>
      finish(entry),
    );
    pump();
  };
  /** Marked, but not a byte has been written: these are not in doubt. */
  const giveBack = async (entries: readonly BurstEntry[]): Promise<void> => {
    await store
      .unmark(entries)
      .catch((error: Error) => ctx.log.warn({ error: error.message }, 'marks not taken back'));
    giveUp(entries);
  };
  const marks: DispatchMarks = createDispatchMarks(ctx, store, {
    bucket: createTokenBucket(platform.postsPerSecond),
    mayMark,
    marked: pump,
    refused: giveUp,
  });

  /** Beside the wait for the instant, which does not wait for a platform that is slow to shake hands. */
  const openConnections = async (): Promise<void> => {
    const answerMs = await platform.openConnections(host, Math.min(unfinished, FIRST_CONNECTIONS));
    // Its answers have told its time; what would be early is held before the first mark.
    void checkClock(ctx).catch((error: Error) =>
      ctx.log.warn({ error: error.message }, 'clock not checked'),
    );
    if (open) return;
    concurrency = createAdaptiveConcurrency(answerMs, platform.connections);
    const wanted = Math.min(unfinished, concurrency.target());
    if (wanted > FIRST_CONNECTIONS) await platform.openConnections(host, wanted);
  };
  const run = async (): Promise<void> => {
    if (await sleepUntil(ctx.clock, notBeforeMs - CONNECT_AHEAD_MS, ctx.stopping))
      void openConnections();
    await sleepUntil(ctx.clock, notBeforeMs - MARK_AHEAD_MS, ctx.stopping);
    marks.fill();
    await sleepUntil(ctx.clock, notBeforeMs, ctx.stopping);
    open = true;
    const adjusting = setInterval(() => {
      if (unfinished === 0) clearInterval(adjusting);
      concurrency.adjust(inFlight >= concurrency.limit());
      pump();
    }, ADJUST_MS);
    pump();
  };

  return {
    join: (shard) =>
      new Promise((resolve) => {
        let left = shard.prepared.length;
        if (left === 0) resolve();
        unfinished += left;
        const leave = (): void => {
          left--;
          if (left === 0) resolve();
        };
        const { prepared: all, ...rest } = shard;
        marks.add(all.map((prepared) => createEntry(rest, prepared, leave)));
        if (!started) void run();
        else if (open) pump();
        started = true;
      }),
  };
}

function createEntry(
  shard: BurstEntry['shard'],
  prepared: BurstEntry['prepared'],
  leave: () => void,
): BurstEntry {
  const { leased } = shard;
  const deliveryId = prepared.delivery.id;
  return {
    deliveryId,
    shardId: leased.id,
    lease: leased.lease,
    prepared,
    shard,
    markedAtMs: 0,
    onDone: leave,
  };
}
