import { performance } from 'node:perf_hooks';

/** How many posts of this process may be under way at once. It follows the platform: slow answers need many, fast ones few. */
export interface Width {
  /** The number now. */
  now(): number;
  /** Call each time every place is found taken. */
  full(): void;
}

const LEAST = 64;
const MOST = 512;
const GROWTH = 1.5;
/** No more often than this, so that a wider burst has had time to show what it does. Milliseconds. */
const STEP_MS = 10;
/** At work for more than this share of the time, more posts under way would only make each of them slower. */
const BUSY = 0.9;

/** Grows while all places are taken and the process has time on its hands: then it waits for answers, not for itself. */
export function createWidth(
  clock: () => number = () => performance.now(),
  busySince: () => number = busyShare(),
): Width {
  let width = LEAST;
  let lookedAt = clock();
  return {
    now: () => width,
    full: () => {
      if (clock() - lookedAt < STEP_MS) return;
      lookedAt = clock();
      if (busySince() < BUSY) width = Math.min(MOST, Math.ceil(width * GROWTH));
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
