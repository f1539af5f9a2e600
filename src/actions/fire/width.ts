import { performance } from 'node:perf_hooks';

/** How many posts of a burst may be on their way at once. Follows how long the platform takes to answer. */
export interface Width {
  now(): number;
  /** What it will be once the platform has proved itself. */
  most(): number;
  /** Call when the platform has taken a post: only then is it worth going wide. */
  prove(): void;
  /** Call now and then with whether every place is taken. */
  adjust(full: boolean): void;
}

/** Before the first post is taken: a platform that takes nothing is to be asked by few. */
const UNPROVEN = 32;
/** Fewer would leave this process idle between an answer and the next post. */
const LEAST = 64;
/** Posts a millisecond that one process can send. With the time of an answer it gives the width, by Little's law. */
const PER_MS = 10;
/** With less of its time taken, this process waits for the platform, which is slower than it seemed. */
const BUSY = 0.6;
/** At once no more than this, since each place may be a connection to open: what a listening queue of the usual length takes. */
const STEP = 256;
/** Answers are counted for so long at least, milliseconds. */
const LEAST_COUNTED_MS = 40;
/** So many more places should bring as many more posts; where they bring less than this share of them, the platform has enough. */
const WORTH_IT = 0.25;
/** How long it then stays as it was. */
const ENOUGH_MS = 2_000;

/** What this process knows of the time; for tests. */
export interface WidthClock {
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
export function createWidth(
  answerMs: number | null,
  most: number,
  clock: WidthClock = { now: () => performance.now(), busySince: busyShare() },
): Width {
  const enough = (ms: number): number => Math.min(most, Math.max(LEAST, Math.ceil(ms * PER_MS)));
  let width = enough(answerMs ?? 0);
  let answers = 0;
  /** The width before the last step, and the posts a millisecond it brought. */
  let before: { width: number; rate: number } | null = null;
  let counted = { fromMs: clock.now(), answers: 0, forMs: LEAST_COUNTED_MS };
  let restsUntilMs = 0;

  const count = (forMs: number): void => {
    counted = { fromMs: clock.now(), answers, forMs: Math.max(LEAST_COUNTED_MS, forMs) };
  };
  const grow = (rate: number): void => {
    before = { width, rate };
    width = Math.min(most, width + Math.min(width, STEP));
    // The posts of the new places are answered after the time of an answer, so it takes two of them to tell (Little's law).
    count((2 * before.width) / rate);
  };
  const shrink = (to: number): void => {
    width = to;
    before = null;
    restsUntilMs = clock.now() + ENOUGH_MS;
  };
  return {
    now: () => (answers > 0 ? width : Math.min(UNPROVEN, most)),
    most: () => width,
    prove: () => {
      answers++;
    },
    adjust: (full) => {
      const waits = clock.busySince() < BUSY && full && answers > 0;
      if (!waits || clock.now() < restsUntilMs) {
        count(counted.forMs);
        return;
      }
      const ms = clock.now() - counted.fromMs;
      if (ms < counted.forMs) return;
      const rate = (answers - counted.answers) / ms;
      if (rate === 0) return;
      if (before && rate < worthwhile(before, width)) shrink(before.width);
      else if (width < most) grow(rate);
    },
  };
}

/** What `width` has to bring, posts a millisecond, to be better than the width before. */
function worthwhile(before: { width: number; rate: number }, width: number): number {
  return before.rate * (1 + (width / before.width - 1) * WORTH_IT);
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
