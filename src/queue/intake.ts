import { setTimeout as sleep } from 'node:timers/promises';

/** A queue that has not taken a job by then has not taken it. Far longer than a healthy one needs. */
const TAKE_MS = 1_000;
/** After a failure nothing is handed to the queue for as long, so that many callers do not wait for it one after the other. */
const REST_MS = 1_000;

/** Hands jobs to one queue. */
export interface Intake {
  /** True when the queue has taken the job; false when it has failed, has not answered in time, or failed a moment ago. Never rejects. */
  take(add: () => Promise<unknown>): Promise<boolean>;
  /** What the last job failed of; null where the queue took it. */
  failure(): Error | null;
}

/**
 * Jobs are added one after the other, so that the time-out measures the queue and not the line before it. A job that was given
 * up may still arrive once the queue answers again: what it leads to is harmless, since the records decide what is to be done.
 */
export function createIntake(onError: (error: Error) => void): Intake {
  let last: Promise<unknown> = Promise.resolve();
  let restsUntil = 0;
  let failure: Error | null = null;

  const attempt = async (add: () => Promise<unknown>): Promise<boolean> => {
    if (performance.now() < restsUntil) return false;
    try {
      await within(TAKE_MS, add());
      failure = null;
      return true;
    } catch (error) {
      restsUntil = performance.now() + REST_MS;
      failure = error as Error;
      onError(failure);
      return false;
    }
  };
  return {
    take: (add) => {
      const mine = last.then(() => attempt(add));
      last = mine;
      return mine;
    },
    failure: () => failure,
  };
}

/** What `work` gives, or an error after `ms`. What comes of `work` later is not heard. */
export async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const ended = new AbortController();
  work.catch(() => undefined);
  const late = sleep(ms, null, { signal: ended.signal }).then(
    () => Promise.reject(new Error(`no answer within ${ms} ms`)),
    () => new Promise<never>(() => undefined),
  );
  try {
    return await Promise.race([work, late]);
  } finally {
    ended.abort();
  }
}
