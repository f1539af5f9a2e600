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
const GROWTH = 1.5;

/**
 * `answerMs` is what the platform took when its connections were warmed; null when that is not known. `most` is what the
 * platform allows. `busySince` tells the share of time that this process was at work since it was last asked.
 */
export function createWidth(
  answerMs: number | null,
  most: number,
  busySince: () => number = busyShare(),
): Width {
  const enough = (ms: number): number => Math.min(most, Math.max(LEAST, Math.ceil(ms * PER_MS)));
  let width = enough(answerMs ?? 0);
  let proven = false;
  return {
    now: () => (proven ? width : Math.min(UNPROVEN, most)),
    most: () => width,
    prove: () => {
      proven = true;
    },
    adjust: (full) => {
      const idle = busySince() < BUSY;
      if (idle && full && proven) width = Math.min(most, Math.ceil(width * GROWTH));
    },
  };
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
