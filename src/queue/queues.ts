import type { Job, JobsOptions, Queue, Worker, WorkerOptions } from 'bullmq';
import type { QueueTrouble } from '../domain/health/health.ts';
import { type JobBackend, openBackend } from './backend.ts';
import type { QueueHome } from './home.ts';
import { createIntake, type Intake, within } from './intake.ts';
import {
  AFTERCARE_QUEUE,
  CAMPAIGN_QUEUE,
  type Destination,
  fireQueue,
  type JobName,
  type JobPayloads,
  MAIL_QUEUE,
  queueName,
} from './jobs.ts';

export type { QueueHome } from './home.ts';

/** The alarm clock. Losing everything in it loses nothing: a sweep of the records sets every alarm again. */
export interface Queues {
  /**
   * Does nothing when the same alarm is set already. `at` in the past means now. False when the queue has not taken it, which
   * it is given a second for; `onError` is told why, and the sweep sees to it that the work is done.
   * @throws Error when there is no such queue.
   */
  enqueue<Name extends JobName>(
    name: Name,
    payload: JobPayloads[Name],
    options?: Destination & { at?: Date; key?: string },
  ): Promise<boolean>;
  /** Takes jobs from one queue until closed. Errors go to `onError`; what a job came to is in the records, not here. */
  work(
    queue: string,
    concurrency: number,
    run: (name: JobName, payload: unknown) => Promise<void>,
  ): QueueWorker;
  /** Starts no job of this platform before then, on any machine. */
  throttle(platform: string, until: Date): Promise<void>;
  names(): readonly string[];
  /** How many jobs there are, by queue and by BullMQ's word for their state. Does not end while the queue is away. */
  count(): Promise<ReadonlyMap<string, Record<string, number>>>;
  /** Why a queue has not taken the last job; null where that is not known. */
  trouble(): QueueTrouble | null;
  /**
   * Looks again at what may have changed since the start: a Redis that would lose jobs as it is now gets none until it is mended. Waited
   * for no longer than a second. Never rejects.
   */
  look(): Promise<void>;
  dispose(): Promise<void>;
}

export interface QueueWorker {
  /** Takes no more jobs and waits for those under way. */
  close(): Promise<void>;
}

/** A stalled job is run again however often: the records decide what is still to do, never the queue. */
const STALLS = 1000;
/** The time within which the same alarm is set once. */
const SAME_ALARM_MS = 2_000;
/** The most jobs there are of the same alarm, however far behind a queue is. */
const SAME_ALARMS = 4;

/** Jobs that are over are not kept. */
const COUNTED = ['waiting', 'active', 'delayed'] as const;

/** When all that was under way has ended, a queue that does not answer may hold up a stop for no longer than this. */
const CLOSE_MS = 1_000;
/** A look that takes longer than this counts once it has ended. */
const LOOK_MS = 1_000;

/**
 * Opens the queues of these platforms. A Redis that is away, or cannot be used as it is now, does not hold up the start: the process
 * goes on without it, and the queues are used once it is of use, since no post depends on them.
 * @throws ConfigurationError, one line, where only another REDIS_URL helps.
 */
export async function openQueues(
  home: QueueHome,
  platforms: readonly string[],
  onError: (error: Error) => void,
): Promise<Queues> {
  const names = namesOf(platforms);
  const backend = await openBackend(home, onError);
  const intakes = new Map(names.map((name) => [name, createIntake(onError)]));
  const queues = new Map<string, Queue>();
  backend.onceThere(() => {
    for (const name of names) queues.set(name, backend.createQueue(name));
  });
  const queueNamed = (name: string): Queue => {
    const queue = queues.get(name);
    if (!queue) throw new Error('the queue is away');
    return queue;
  };
  return {
    enqueue: async (name, payload, options = {}) => {
      const to = queueName(name, options);
      const intake = intakes.get(to);
      if (!intake) throw new Error(`No queue for ${name} at ${to}`);
      const add = async () => {
        const closure = backend.closure();
        if (closure) throw new Error(`the queue gets no jobs, since ${closure.why}`);
        await queueNamed(to).add(name, payload, jobOptions(name, payload, options));
      };
      return intake.take(add);
    },
    work: (queue, concurrency, run) => startWorker(backend, queue, concurrency, run, onError),
    throttle: async (platform, until) => {
      const ms = Math.ceil(until.getTime() - Date.now());
      if (ms > 0) await queues.get(fireQueue(platform))?.rateLimit(ms);
    },
    names: () => names,
    count: async () => {
      const counted = names.map(
        async (name) => [name, await queueNamed(name).getJobCounts(...COUNTED)] as const,
      );
      return new Map(await Promise.all(counted));
    },
    trouble: () => backend.closure() ?? explainFailure(backend, intakes.values()),
    look: () => within(LOOK_MS, backend.look()).catch(() => undefined),
    dispose: async () => {
      await Promise.all([...queues.values()].map(closeWithin));
      await backend.close();
    },
  };
}

function namesOf(platforms: readonly string[]): string[] {
  return [CAMPAIGN_QUEUE, AFTERCARE_QUEUE, MAIL_QUEUE, ...platforms.map(fireQueue)];
}

function explainFailure(backend: JobBackend, intakes: Iterable<Intake>): QueueTrouble | null {
  for (const intake of intakes) {
    const failure = intake.failure();
    const reason = failure && backend.explain(failure);
    if (reason) return reason;
  }
  return null;
}

/**
 * The queues of a command, which comes and goes: they take no job and never look at Redis, so that no order depends on it. What is to be
 * done the workers, which `tell` wakes, find in the records within a second.
 */
export function createNoQueues(platforms: readonly string[], tell: () => Promise<void>): Queues {
  const names = namesOf(platforms);
  return {
    enqueue: async () => {
      await tell();
      return false;
    },
    work: () => {
      throw new Error('A command takes no jobs');
    },
    throttle: async () => undefined,
    names: () => names,
    count: () => Promise.reject(new Error('A command has no queues')),
    trouble: () => null,
    look: async () => undefined,
    dispose: async () => undefined,
  };
}

function jobOptions(
  name: JobName,
  payload: object,
  options: { at?: Date; key?: string },
): JobsOptions {
  const delay = Math.max(0, (options.at?.getTime() ?? 0) - Date.now());
  const subject = Object.values(payload).join('-') || 'all';
  // An alarm set ahead has one name for ever; one set for now has a few in turn, so that a job left behind by a dead worker does
  // not keep its successor out, and a queue that lags is not filled with the same.
  const when = delay > 0 ? 'due' : Math.floor(Date.now() / SAME_ALARM_MS) % SAME_ALARMS;
  return {
    jobId: [name, subject, options.key ?? when].join('_'),
    delay,
    removeOnComplete: true,
    removeOnFail: true,
    attempts: 1,
  };
}

/** Closes what talks to a queue; from one that does not answer within {@link CLOSE_MS} it is cut off. */
async function closeWithin(one: Queue | Worker): Promise<void> {
  const closing = one.close();
  try {
    await within(CLOSE_MS, closing);
  } catch {
    await within(CLOSE_MS, one.getBackend().close(true)).catch(() => undefined);
    await within(CLOSE_MS, one.disconnect()).catch(() => undefined);
  }
}

function startWorker(
  backend: JobBackend,
  name: string,
  concurrency: number,
  run: (name: JobName, payload: unknown) => Promise<void>,
  onError: (error: Error) => void,
): QueueWorker {
  const running = new Set<Promise<void>>();
  const process = async (job: Job): Promise<void> => {
    const work = run(job.name as JobName, job.data);
    running.add(work);
    await work.finally(() => running.delete(work));
  };
  const options: Omit<WorkerOptions, 'connection' | 'prefix'> = {
    concurrency,
    maxStalledCount: STALLS,
    // Far beyond any real number: without a limit of its own a worker does not see that the queue is throttled.
    limiter: { max: 1_000_000, duration: 1_000 },
  };
  let worker: Worker | null = null;
  let closed = false;
  backend.onceThere(() => {
    if (closed) return;
    worker = backend.createWorker(name, process, options);
    worker.on('failed', (_job, error) => onError(error));
  });
  return {
    close: async () => {
      closed = true;
      if (worker === null) return;
      // Takes no more jobs from here on. What has ended may still wait for the queue to hear of it, which is not waited for.
      const closing = worker.close();
      closing.catch(onError);
      while (running.size > 0) await Promise.allSettled(running);
      await closeWithin(worker);
    },
  };
}
