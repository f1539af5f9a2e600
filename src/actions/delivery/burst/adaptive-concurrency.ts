import { performance } from 'node:perf_hooks';

/** How many posts of a burst may be on their way at once. Follows how long the platform takes to answer. */
export interface AdaptiveConcurrency {
  limit(): number;
  /** What the limit will be once the platform has taken a post. */
  target(): number;
  /** Call when the platform has taken a post: only then is the limit raised. */
  onPosted(): void;
  /** Call now and then with whether every place is taken. */
  adjust(full: boolean): void;
}

/** Before the first post is taken: a platform that takes nothing is to get few requests. */
const UNPROVEN_CONCURRENCY = 32;
/** Fewer would leave this process idle between an answer and the next post. */
const MIN_CONCURRENCY = 64;
/** Posts a millisecond that one process can send. With the time of an answer it gives the width, by Little's law. */
const PER_MS = 10;
/** With less of its time taken, this process waits for the platform, which is slower than it seemed. */
const BUSY_SHARE = 0.6;
/** At once no more than this, since each place may be a connection to open: what a listening queue of the usual length takes. */
const MAX_STEP = 256;
/** The shortest time for which answers are counted, milliseconds. */
const MIN_COUNTED_MS = 40;
/** Twice the concurrency should bring twice the posts; where it brings less than this share of the increase, the platform is at its limit. */
const WORTH_IT = 0.25;
/** How long it then stays as it was. */
const ENOUGH_MS = 2_000;

/** What this process knows of the time; for tests. */
export interface ConcurrencyClock {
  /** Milliseconds. */
  now(): number;
  /** The share of time that this process was at work since it was last asked. */
  busySince(): number;
}

/**
 * `answerMs` is what the platform took when its connections were warmed; null when that is not known. `most` is what the
 * platform allows.
 *
 * It grows step by step for as long as that brings more posts: a platform that is at its limit answers each of them later the
 * more it is asked, until what waits there runs out of time and comes into doubt.
 */
export function createAdaptiveConcurrency(
  answerMs: number | null,
  max: number,
  clock: ConcurrencyClock = { now: () => performance.now(), busySince: busyShare() },
): AdaptiveConcurrency {
  const enough = (ms: number): number =>
    Math.min(max, Math.max(MIN_CONCURRENCY, Math.ceil(ms * PER_MS)));
  let limit = enough(answerMs ?? 0);
  let answers = 0;
  /** The width before the last step, and the posts a millisecond it brought. */
  let previous: { width: number; rate: number } | null = null;
  let counted = { fromMs: clock.now(), answers: 0, forMs: MIN_COUNTED_MS };
  let restsUntilMs = 0;

  const count = (forMs: number): void => {
    counted = { fromMs: clock.now(), answers, forMs: Math.max(MIN_COUNTED_MS, forMs) };
  };
  const grow = (rate: number): void => {
    previous = { width: limit, rate };
    limit = Math.min(max, limit + Math.min(limit, MAX_STEP));
    // The posts of the new places are answered after the time of an answer, so it takes two of them to tell (Little's law).
    count((2 * previous.width) / rate);
  };
  const shrink = (limitBefore: number): void => {
    limit = limitBefore;
    previous = null;
    restsUntilMs = clock.now() + ENOUGH_MS;
  };
  return {
    limit: () => (answers > 0 ? limit : Math.min(UNPROVEN_CONCURRENCY, max)),
    target: () => limit,
    onPosted: () => {
      answers++;
    },
    adjust: (full) => {
      const waits = clock.busySince() < BUSY_SHARE && full && answers > 0;
      if (!waits || clock.now() < restsUntilMs) {
        count(counted.forMs);
        return;
      }
      const ms = clock.now() - counted.fromMs;
      if (ms < counted.forMs) return;
      const rate = (answers - counted.answers) / ms;
      if (rate === 0) return;
      if (previous && rate < worthwhileRate(previous, limit)) shrink(previous.width);
      else if (limit < max) grow(rate);
    },
  };
}

/** What `width` has to bring, posts a millisecond, to be better than the width before. */
function worthwhileRate(previous: { width: number; rate: number }, width: number): number {
  return previous.rate * (1 + (width / previous.width - 1) * WORTH_IT);
}

/** The share of time that this process was at work since it was last asked. */
function busyShare(): () => number {
  let last = performance.eventLoopUtilization();
  return () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, last);
    last = now;
    return utilization;
  };
}
