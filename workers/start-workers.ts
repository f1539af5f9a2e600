import type { WorkerRole } from '../src/actions/campaign/records.ts';
import { createCanaryRounds, untilRound } from '../src/actions/health/canary.ts';
import { recheckClock } from '../src/actions/health/check-clock.ts';
import { MAIL_CONCURRENCY } from '../src/actions/reminder/send-mail.ts';
import { type Heartbeat, startHeartbeat } from '../src/actions/upkeep/heartbeat.ts';
import { createSweep, onWork, REST_MS } from '../src/actions/upkeep/sweep.ts';
import type { Context } from '../src/context.ts';
import { AFTERCARE_QUEUE, CAMPAIGN_QUEUE, MAIL_QUEUE } from '../src/queue/jobs.ts';
import { processJob } from './processors.ts';
import { createStepDispatcher } from './step-runner.ts';

/** A shard's job lasts from a minute before the moment to the end of its sends, so a process holds many at a time. */
const FIRE_CONCURRENCY = 500;
const CONCURRENCY: Readonly<Record<string, number>> = {
  [CAMPAIGN_QUEUE]: 4,
  [AFTERCARE_QUEUE]: 4,
  [MAIL_QUEUE]: MAIL_CONCURRENCY,
};
const SWEEP_MS = 1_000;
const BEAT_MS = 5_000;
const CANARY_MS = 5_000;
/** A network is asked for its time no more often than this, and only while something is held for it. */
const CLOCK_MS = 5_000;

export interface Workers {
  /**
   * Waits until a job has gone round each queue, which takes no longer than a few seconds. False when a queue does not take
   * jobs, or does not hand them out.
   */
  untilRound(): Promise<boolean>;
  /** Takes nothing new, finishes or hands over what is under way. `ctx.stopping` has to be aborted before. */
  stop(): Promise<void>;
}

/** Starts taking jobs, sweeping the records, and showing signs of life. */
export async function startWorkers(ctx: Context, role: WorkerRole): Promise<Workers> {
  const heartbeat = await startHeartbeat(ctx, role);
  await heartbeat.beat();
  const steps = createStepDispatcher(ctx, (name, payload) => processJob(ctx, name, payload));
  const workers = ctx.queues.names().map((queue) => {
    return ctx.queues.work(queue, CONCURRENCY[queue] ?? FIRE_CONCURRENCY, steps.runFrom(queue));
  });
  const sweeping = startSweeping(ctx, createSweep(ctx, steps), heartbeat);
  const beating = repeat(ctx, 'sign of life', BEAT_MS, () => heartbeat.beat(sweeping.isQuiet()));
  const rechecking = repeat(ctx, 'the networks’ time', CLOCK_MS, () => recheckClock(ctx));
  const sendRound = createCanaryRounds(ctx);
  const rounds = repeat(ctx, 'canary', CANARY_MS, async () => {
    if (!(await sendRound())) steps.distrustQueues();
  });
  return {
    untilRound: () => untilRound(ctx),
    stop: async () => {
      await Promise.all([sweeping.ended, beating, rechecking, rounds]);
      await Promise.all([steps.idle(), ...workers.map((worker) => worker.close())]);
      await heartbeat.end();
    },
  };
}

/** Looks through the records every second, or, while nothing is due, after each change and every few seconds. */
function startSweeping(
  ctx: Context,
  sweep: ReturnType<typeof createSweep>,
  heartbeat: Heartbeat,
): { ended: Promise<void>; isQuiet: () => boolean } {
  let isQuiet = false;
  let waking = new AbortController();
  const wake = (): void => waking.abort();
  const stopHearing = onWork(ctx, wake);
  ctx.stopping.addEventListener('abort', wake, { once: true });
  const look = async (): Promise<void> => {
    isQuiet = false;
    // What is told during a look may be of a step that it has behind it.
    waking = new AbortController();
    const swept = await sweep();
    if (swept.failed === 0) heartbeat.onSwept();
    isQuiet = swept.isQuiet;
  };
  const rest = async (): Promise<void> => {
    await sleepFor(SWEEP_MS, ctx.stopping);
    if (isQuiet && !ctx.stopping.aborted) await sleepFor(REST_MS - SWEEP_MS, waking.signal);
  };
  const ended = repeat(ctx, 'sweep', rest, look).finally(stopHearing);
  return { ended, isQuiet: () => isQuiet };
}

/** Does something over and over until the process is to stop, never twice at once. What fails is tried again next time. */
async function repeat(
  ctx: Context,
  what: string,
  rest: number | (() => Promise<void>),
  act: () => Promise<unknown>,
): Promise<void> {
  while (!ctx.stopping.aborted) {
    try {
      await act();
    } catch (error) {
      ctx.log.warn({ error: (error as Error).message }, `${what} failed; it will be tried again`);
    }
    await (typeof rest === 'number' ? sleepFor(rest, ctx.stopping) : rest());
  }
}

/** Until `signal` is aborted, at the most. */
function sleepFor(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done);
  });
}
