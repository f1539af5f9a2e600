import { MAIL_CONCURRENCY } from '../src/actions/reminder/send-mail.ts';
import type { StepName, StepRunner } from '../src/actions/upkeep/sweep.ts';
import type { Context } from '../src/context.ts';
import { type JobName, queueName } from '../src/queue/jobs.ts';

/** Does the work of a job. */
export type Run = (name: JobName, payload: unknown) => Promise<void>;

export interface StepDispatcher extends StepRunner {
  /** For a worker of this queue: does the work of a job that it has been handed, unless that is under way here. */
  runFrom(queue: string): Run;
  /** No queue is waited for, for a while: one of them has not taken a job, and they are all in one place. */
  distrustQueues(): void;
  /** Resolves when nothing is under way that was begun here. */
  idle(): Promise<void>;
}

interface Direct {
  patienceMs: number;
  most: number;
  /** It is asked for again and again while all is well, so that being asked for says nothing about the queue. */
  standing?: true;
}

/**
 * How the work of each job is done without the queue: how long a job that the queue has taken may still be asked for before it
 * is done here, and how many of them this process does at a time. What a moment waits for gets the least patience; a mail the
 * most. A shard that is free a second and a half after its job was set was not leased by any worker.
 */
const DIRECT: Readonly<Record<StepName, Direct>> = {
  lock: { patienceMs: 1_500, most: 4 },
  arm: { patienceMs: 1_500, most: 4 },
  fire: { patienceMs: 1_500, most: 500 },
  gather: { patienceMs: 1_500, most: 4 },
  reconcile: { patienceMs: 5_000, most: 4 },
  settle: { patienceMs: 5_000, most: 4, standing: true },
  preflight: { patienceMs: 10_000, most: 4 },
  revoke: { patienceMs: 10_000, most: 1 },
  seal: { patienceMs: 10_000, most: 2 },
  mail: { patienceMs: 10_000, most: MAIL_CONCURRENCY },
};
/** A queue that took a job and did not do it gets no patience for as long, or until this process is handed a job by it. */
const DISTRUST_MS = 30_000;
/** Not asked for any longer, a step has been done, or is not due any more. */
const FORGET_MS = 3_000;

/**
 * Sets a job for each step that is asked for. Where the queue does not take it, or where it is still asked for after a while, it
 * is done in this process, as often as it takes. Two processes may do the same at once, as two workers may: leases, row locks
 * and states in the records let one of them through.
 */
export function createStepDispatcher(ctx: Context, work: Run): StepDispatcher {
  const underWay = new Map<string, Promise<void>>();
  /** How many of each name are under way. */
  const counts = new Map<JobName, number>();
  /** Since when a step has been asked for, and when last; milliseconds of the process's own clock. */
  const asked = new Map<string, { since: number; last: number }>();
  const distrusted = new Map<string, number>();

  const distrustQueues = (): void => {
    const until = performance.now() + DISTRUST_MS;
    for (const queue of ctx.queues.names()) distrusted.set(queue, until);
  };
  const begin = (name: JobName, key: string, payload: unknown): Promise<void> => {
    counts.set(name, (counts.get(name) ?? 0) + 1);
    const done = work(name, payload).finally(() => {
      counts.set(name, (counts.get(name) ?? 1) - 1);
      underWay.delete(key);
      asked.delete(key);
    });
    underWay.set(key, done);
    return done;
  };
  const doHere = (name: StepName, key: string, payload: unknown): void => {
    if (underWay.has(key) || ctx.stopping.aborted) return;
    if ((counts.get(name) ?? 0) >= DIRECT[name].most) return;
    begin(name, key, payload).catch((error: Error) =>
      ctx.log.warn({ step: name, error: error.message }, 'step failed; it will be tried again'),
    );
  };
  const ensure = async (name: StepName, payload: object, platform?: string): Promise<void> => {
    const key = stepKey(name, payload);
    if (underWay.has(key)) return;
    const now = performance.now();
    forgetOld(asked, now);
    const since = asked.get(key)?.since ?? now;
    // Taken out first, so that the order is that of asking.
    asked.delete(key);
    asked.set(key, { since, last: now });
    const queue = queueName(name, { platform });
    const { patienceMs, standing } = DIRECT[name];
    const isLate = now - since >= patienceMs;
    if (isLate && !standing) distrusted.set(queue, now + DISTRUST_MS);
    const isTrusted = !isLate && now >= (distrusted.get(queue) ?? 0);
    if (!isTrusted) doHere(name, key, payload);
    // The job is set all the same: that it is handed out shows that the queue is well again.
    const isTaken = await ctx.queues.enqueue(name, payload as never, platform ? { platform } : {});
    if (isTaken) return;
    distrustQueues();
    doHere(name, key, payload);
  };
  return {
    ensure: (name, payload, { platform } = {}) => {
      ensure(name, payload, platform).catch((error: Error) =>
        ctx.log.warn(
          { step: name, error: error.message },
          'step not begun; it will be tried again',
        ),
      );
    },
    runFrom: (queue) => async (name, payload) => {
      distrusted.delete(queue);
      const key = stepKey(name, payload as object);
      if (!underWay.has(key)) await begin(name, key, payload);
    },
    distrustQueues,
    idle: async () => {
      while (underWay.size > 0) await Promise.allSettled(underWay.values());
    },
  };
}

function stepKey(name: JobName, payload: object): string {
  return [name, ...Object.values(payload)].join(' ');
}

function forgetOld(asked: Map<string, { last: number }>, now: number): void {
  // In the order of asking, so that the first young one ends the search.
  for (const [key, { last }] of asked) {
    if (now - last < FORGET_MS) return;
    asked.delete(key);
  }
}
