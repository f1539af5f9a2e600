import { performance } from 'node:perf_hooks';

/** How many posts of a burst may be on their way at once. Follows how long the platform takes to answer. */
export interface Width {
  now(): number;
  /** What it will be once the platform has proved itself. */
  most(): number;
  /** Call when the platform has taken a post, after so many milliseconds: only then is it worth going wide. */
  prove(answerMs: number): void;
  /** Call now and then with whether every place is taken. */
  adjust(full: boolean): void;
}

/** To begin with, so that a platform that takes nothing is asked by few; and never fewer. */
const LEAST = 32;
/** At work for more than this share of the time, more posts in flight would only make each of them slower. */
const BUSY = 0.95;
const GROWTH = 2;
/** Posts a millisecond that one process can send; with an answer time, it gives the width to begin with. */
const PER_MS = 10;

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
    now: () => (proven ? width : LEAST),
    most: () => width,
    prove: (tookMs) => {
      if (!proven) width = Math.max(width, enough(tookMs));
      proven = true;
    },
    adjust: (full) => {
      // All places taken while the process idles: the platform is slow, and waiting for it is not work.
      if (busySince() < BUSY && full && proven) width = Math.min(most, Math.ceil(width * GROWTH));
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
