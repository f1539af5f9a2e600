import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../../context.ts';

/** setTimeout may wake late by a few milliseconds, so that the last of the wait is done without it. */
const COARSE_MS = 20;
/** The offset may be measured anew while we wait, so no single sleep is longer. */
const MAX_SLEEP_MS = 1_000;

/**
 * Waits until the database clock shows `instantMs` (epoch), never less: the error of the measured offset is waited for, too.
 * Returns false when `signal` is aborted before that.
 */
export async function sleepUntil(
  clock: Clock,
  instantMs: number,
  signal: AbortSignal,
): Promise<boolean> {
  const left = (): number => instantMs + clock.offset.errorMs - clock.now();
  while (left() > COARSE_MS) {
    if (signal.aborted) return false;
    const nap = Math.min(left() - COARSE_MS / 2, MAX_SLEEP_MS);
    await sleep(nap, undefined, { signal }).catch(() => undefined);
  }
  while (left() > 0) {
    if (signal.aborted) return false;
    // Between two looks at the clock the event loop gets its turn; this costs at most COARSE_MS of one core.
    await setImmediate();
  }
  return !signal.aborted;
}
