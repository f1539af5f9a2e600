import type { Context } from '../../../context.ts';
import type { LastMark } from '../../../domain/high-water.ts';
import { notify } from '../../../store/connection/database.ts';
import {
  type LeasedDelivery,
  markSending,
  type Settlement,
  sealedRows,
  settle,
  unmark,
} from '../../../store/delivery.ts';
import { aheadMs as aheadOf, checkClock } from '../../health/check-clock.ts';

/** What a burst writes to the database. */
export interface BurstStore {
  /** Commits dispatch marks: id -> when, by the database's clock. What is not in the answer may not be sent. */
  mark(entries: readonly LeasedDelivery[]): Promise<Map<string, number>>;
  unmark(entries: readonly LeasedDelivery[]): Promise<void>;
  /** Remembers a committed mark outside of the database, before anything goes out by it. */
  noteMark(mark: LastMark): void;
  /** `again`: the same were tried before, and may be on disk already. */
  settle(settlements: readonly Settlement[], again: boolean): Promise<void>;
  /** Notifies those who watch the campaign. */
  notifyWatchers(campaignId: string): Promise<void>;
}

/** What the networks say of our clock is looked through no more often than this, however many marks are made. Milliseconds. */
const AHEAD_LIFE_MS = 1_000;

export function createBurstStore(ctx: Context): BurstStore {
  let known = { ms: 0, at: Number.NEGATIVE_INFINITY };
  const ahead = (): number => {
    const at = performance.now();
    if (at - known.at > AHEAD_LIFE_MS) known = { ms: aheadOf(ctx), at };
    return known.ms;
  };
  return {
    mark: async (entries) => {
      const aheadMs = ahead();
      // What would be early is held before it is marked, however lately a network told its time.
      if (aheadMs > 0) await checkClock(ctx);
      return markSending(ctx.db, entries, aheadMs);
    },
    unmark: (entries) => unmark(ctx.db, entries),
    noteMark: (mark) => ctx.highWater.noteMark(mark),
    settle: (settlements, again) =>
      settle(ctx.db, ctx.vault, ctx.workerName, 'sending', settlements, again),
    notifyWatchers: (campaignId) => notify(ctx.db, 'delivery', campaignId),
  };
}

/** Takes everything and keeps nothing; for a warm-up. */
export function createNullBurstStore(ctx: Context): BurstStore {
  return {
    mark: async (entries) => new Map(entries.map((entry) => [entry.deliveryId, ctx.clock.now()])),
    unmark: async () => undefined,
    noteMark: () => undefined,
    settle: async (settlements) => {
      await sealedRows(ctx.db, ctx.vault, settlements);
    },
    notifyWatchers: async () => undefined,
  };
}
