import { setTimeout as sleep } from 'node:timers/promises';

/** How long to wait, how often to look, and what to call it when it never comes. */
export interface WaitOptions {
  /** Default 30 000. */
  timeoutMs?: number;
  /** Default 25. */
  everyMs?: number;
  /** For the message, as in "waited 10000 ms for <what>". */
  what?: string;
}

/**
 * Looks again and again until `condition` gives something truthy, and returns that. A condition that throws counts as
 * "not yet"; its last error is the cause of the timeout's error.
 */
export async function waitFor<T>(
  condition: () => T | Promise<T>,
  options: WaitOptions = {},
): Promise<Exclude<T, false | null | undefined | 0 | ''>> {
  const { timeoutMs = 30_000, everyMs = 25, what = 'a condition' } = options;
  const deadline = performance.now() + timeoutMs;
  let cause: unknown;
  for (;;) {
    try {
      const value = await condition();
      if (value) return value as Exclude<T, false | null | undefined | 0 | ''>;
    } catch (error) {
      cause = error;
    }
    if (performance.now() >= deadline) {
      throw new Error(`Waited ${timeoutMs} ms for ${what}, in vain.`, { cause });
    }
    await sleep(everyMs);
  }
}
