/** The longest wait after the first attempt, and after any. Milliseconds. */
export const BACKOFF_BASE_MS = 500;
export const BACKOFF_CAP_MS = 60_000;

/**
 * When to try again after an attempt that may be repeated: exponential with full jitter, so that thousands of
 * deliveries refused together do not come back together (AWS Architecture Blog, "Exponential Backoff And Jitter").
 * @param attempt the one that just failed, from 1.
 * @param random gives numbers in [0, 1), like Math.random.
 */
export function nextAttemptAt(now: Date, attempt: number, random: () => number): Date {
  const longest = Math.min(BACKOFF_CAP_MS, BACKOFF_BASE_MS * 2 ** Math.max(0, attempt - 1));
  return new Date(now.getTime() + Math.floor(random() * longest));
}
