import type { Context } from '../../../context.ts';
import { measureOffset } from '../../../store/connection/clock.ts';
import { takeOffset } from '../../health/check-clock.ts';
import type { BurstEntry } from './burst-entry.ts';
import type { BurstStore } from './burst-store.ts';
import type { TokenBucket } from './token-bucket.ts';

/** Dispatch marks on their way ahead of the sends, in a rolling window. */
export interface DispatchMarks {
  add(entries: readonly BurstEntry[]): void;
  /** Commits as many marks as the window has room for. Nothing is marked before the first call. */
  fill(): void;
  /** The next entry whose mark is committed; it may be sent. */
  take(): BurstEntry | undefined;
}

/** Marks are committed in groups of this size, since a commit for a hundred costs hardly more than one for ten. */
const MARKS_PER_GROUP = 128;
const GROUPS_AT_ONCE = 2;
/**
 * Entries marked and not yet sent: as many as go out while the next marks are being committed. With the posts in flight, all
 * that a crash can leave in doubt.
 */
const MAX_MARKED_AHEAD = 256;
/** The database's time at a mark may lie so far outside of the time that the mark took, as we see it. Milliseconds. */
const CLOCK_SLACK_MS = 20;

/**
 * `mayMark` is asked just before; what it denies is not marked. `marked` is called when there is something to take, `refused`
 * with what may not be sent: withdrawn, stopped, taken over by another worker, or not known to be committed.
 */
export function createDispatchMarks(
  ctx: Context,
  store: BurstStore,
  on: {
    /** Marks are made no faster than posts may follow, since one that waits grows stale. */
    bucket: TokenBucket;
    mayMark: (entry: BurstEntry) => boolean;
    marked: () => void;
    refused: (entries: readonly BurstEntry[]) => void;
  },
): DispatchMarks {
  const unmarked = createFifo<BurstEntry>();
  const marked = createFifo<BurstEntry>();
  let committing = 0;

  const fill = (): void => {
    while (
      committing < GROUPS_AT_ONCE &&
      marked.length() + committing * MARKS_PER_GROUP < MAX_MARKED_AHEAD
    ) {
      const group = unmarked.take(on.bucket.take(Math.min(MARKS_PER_GROUP, unmarked.length())));
      if (group.length === 0) return;
      committing++;
      void commit(group);
    }
  };
  const commit = async (group: readonly BurstEntry[]): Promise<void> => {
    const able = group.filter(on.mayMark);
    ctx.crash('before-mark');
    const at = await markTimes(ctx, store, able);
    ctx.crash('after-mark');
    committing--;
    const refused = [];
    for (const entry of group) {
      const markedAtMs = at.get(entry.deliveryId);
      if (markedAtMs === undefined) refused.push(entry);
      else marked.push([Object.assign(entry, { markedAtMs })]);
    }
    if (refused.length > 0) on.refused(refused);
    on.marked();
  };
  return {
    add: unmarked.push,
    fill,
    take: () => marked.take(1)[0],
  };
}

/** Commits marks and checks our clock by the way: id -> when, by the database's clock. */
async function markTimes(
  ctx: Context,
  store: BurstStore,
  entries: readonly BurstEntry[],
): Promise<Map<string, number>> {
  if (entries.length === 0) return new Map();
  const before = ctx.clock.now();
  try {
    const at = await store.mark(entries);
    const [first] = at;
    if (first === undefined) return at;
    const [deliveryId, markedAtMs] = first;
    store.noteMark({ deliveryId, markedAtMs });
    if (await isClockFast(ctx, before, markedAtMs, ctx.clock.now())) {
      await store.unmark(entries);
      return new Map();
    }
    return at;
  } catch (error) {
    // Not known to be committed: the worker that leases the shard next finds out which of them are in doubt.
    ctx.log.warn({ error: (error as Error).message }, 'marks not committed');
    return new Map();
  }
}

/**
 * A clock that has been set, or an offset measured badly, shows here before a post goes out by it. True when the database's clock
 * has run ahead of the networks', so that what is marked would be early and is held.
 */
async function isClockFast(
  ctx: Context,
  before: number,
  at: number,
  after: number,
): Promise<boolean> {
  const slack = ctx.clock.offset.errorMs + CLOCK_SLACK_MS;
  if (at >= before - slack && at <= after + slack) return false;
  ctx.log.warn({ offMs: Math.round(at - after) }, 'this clock has moved; measured again');
  return takeOffset(ctx, await measureOffset(ctx.db));
}

interface Fifo<T> {
  push(items: readonly T[]): void;
  /** The first `count` of those that are there. */
  take(count: number): T[];
  length(): number;
}

/** How many taken items are released from memory together. */
const TRIM_AFTER = 4_096;

/** First in, first out, without moving the rest at every step as an array's shift does, and without holding on to what is gone. */
function createFifo<T>(): Fifo<T> {
  let items: T[] = [];
  let head = 0;
  return {
    push: (more) => {
      for (const item of more) items.push(item);
    },
    take: (count) => {
      const taken = items.slice(head, head + count);
      head += taken.length;
      if (head === items.length || head >= TRIM_AFTER) {
        items = items.slice(head);
        head = 0;
      }
      return taken;
    },
    length: () => items.length - head,
  };
}
