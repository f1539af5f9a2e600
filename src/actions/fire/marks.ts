import type { Context } from '../../context.ts';
import { measureOffset } from '../../store/clock.ts';
import { takeOffset } from '../check-clock.ts';
import type { Entry } from './entry.ts';
import type { Pace } from './pace.ts';
import type { Records } from './records.ts';

/** Dispatch marks on their way ahead of the sends, in a rolling window. */
export interface Marks {
  add(entries: readonly Entry[]): void;
  /** Commits as many marks as the window has room for. Nothing is marked before the first call. */
  fill(): void;
  /** The next entry whose mark is committed; it may be sent. */
  take(): Entry | undefined;
}

/** Marks are committed in groups of so many, since a commit for a hundred costs hardly more than one for ten. */
const GROUP = 128;
const GROUPS_AT_ONCE = 2;
/**
 * Entries marked and not yet sent: as many as go out while the next marks are being committed. With the posts in flight, all
 * that a crash can leave in doubt.
 */
const AHEAD = 256;
/** The database's time at a mark may lie so far outside of the time that the mark took, as we see it. Milliseconds. */
const CLOCK_SLACK_MS = 20;

/**
 * `mayMark` is asked just before; what it denies is not marked. `marked` is called when there is something to take, `refused`
 * with what may not be sent: withdrawn, stopped, taken over by somebody else, or not known to be committed.
 */
export function createMarks(
  ctx: Context,
  records: Records,
  on: {
    /** Marks are made no faster than posts may follow, since one that waits grows stale. */
    pace: Pace;
    mayMark: (entry: Entry) => boolean;
    marked: () => void;
    refused: (entries: readonly Entry[]) => void;
  },
): Marks {
  const unmarked = createLine<Entry>();
  const marked = createLine<Entry>();
  let committing = 0;

  const fill = (): void => {
    while (committing < GROUPS_AT_ONCE && marked.length() + committing * GROUP < AHEAD) {
      const group = unmarked.take(on.pace.take(Math.min(GROUP, unmarked.length())));
      if (group.length === 0) return;
      committing++;
      void commit(group);
    }
  };
  const commit = async (group: readonly Entry[]): Promise<void> => {
    const able = group.filter(on.mayMark);
    ctx.crash('before-mark');
    const at = await markTimes(ctx, records, able);
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
  records: Records,
  entries: readonly Entry[],
): Promise<Map<string, number>> {
  if (entries.length === 0) return new Map();
  const before = ctx.clock.now();
  try {
    const at = await records.mark(entries);
    const [first] = at;
    if (first === undefined) return at;
    const [deliveryId, markedAtMs] = first;
    records.noteMark({ deliveryId, markedAtMs });
    if (await isFast(ctx, before, markedAtMs, ctx.clock.now())) {
      await records.unmark(entries);
      return new Map();
    }
    return at;
  } catch (error) {
    // Not known to be committed: whoever leases the shard next finds out which of them are in doubt.
    ctx.log.warn({ error: (error as Error).message }, 'marks not committed');
    return new Map();
  }
}

/**
 * A clock that has been set, or an offset measured badly, shows here before a post goes out by it. True when the database's clock
 * has run ahead of the networks', so that what is marked would be early and is held.
 */
async function isFast(ctx: Context, before: number, at: number, after: number): Promise<boolean> {
  const slack = ctx.clock.offset.errorMs + CLOCK_SLACK_MS;
  if (at >= before - slack && at <= after + slack) return false;
  ctx.log.warn({ offMs: Math.round(at - after) }, 'this clock has moved; measured again');
  return takeOffset(ctx, await measureOffset(ctx.db));
}

interface Line<T> {
  push(items: readonly T[]): void;
  /** The first `count` of those that are there. */
  take(count: number): T[];
  length(): number;
}

/** So many that have been taken are let go of together. */
const TRIM = 4_096;

/** First in, first out, without moving the rest at every step as an array's shift does, and without holding on to what is gone. */
function createLine<T>(): Line<T> {
  let items: T[] = [];
  let head = 0;
  return {
    push: (more) => {
      for (const item of more) items.push(item);
    },
    take: (count) => {
      const taken = items.slice(head, head + count);
      head += taken.length;
      if (head === items.length || head >= TRIM) {
        items = items.slice(head);
        head = 0;
      }
      return taken;
    },
    length: () => items.length - head,
  };
}
