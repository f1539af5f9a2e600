import {
  createPostgresBackend,
  type Job,
  type JobsOptions,
  Queue,
  type QueueOptions,
  Worker,
  type WorkerOptions,
} from 'bullmq';
import { createIntake, type Intake, within } from './intake.ts';
import {
  AFTERCARE_QUEUE,
  CAMPAIGN_QUEUE,
  fireQueue,
  type JobName,
  type JobPayloads,
  MAIL_QUEUE,
  queueOf,
} from './jobs.ts';

/** Where the jobs are kept. */
export type QueueHome =
  | { kind: 'redis'; url: string }
  /** `hearsNotify`: false on the embedded database, whose single session cannot wake a worker, so that workers ask often. */
  | { kind: 'postgres'; url: string; hearsNotify: boolean };

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
    options?: { platform?: string; at?: Date; key?: string },
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
  dispose(): Promise<void>;
}

export interface QueueWorker {
  /** Takes no more jobs and waits for those under way. */
  close(): Promise<void>;
}

/** The hash tag keeps all keys on one slot of a cluster. */
const PREFIX = '{tc}';
/** A stalled job is run again however often: the records decide what is still to do, never the queue. */
const STALLS = 1000;
/** Seconds between looks at an empty queue where nobody can wake us. */
const POLL_SECONDS = 0.5;
/** Within so long the same alarm is set once. */
const SAME_ALARM_MS = 2_000;
/** So many of the same alarm are there at most, however far behind a queue is. */
const SAME_ALARMS = 4;

/** Jobs that are over are not kept. */
const COUNTED = ['waiting', 'active', 'delayed'] as const;

/**
 * At the start a queue has so long to answer. Then the process goes on without it, and the queue is used once it is there: no
 * post depends on it.
 */
const START_MS = 3_000;
/** When all that was under way has ended, a queue that does not answer may hold up a stop for no longer than this. */
const CLOSE_MS = 1_000;

/** Opens the queues of these platforms. Does not wait long for a Redis that does not answer. */
export async function openQueues(
  home: QueueHome,
  platforms: readonly string[],
  onError: (error: Error) => void,
): Promise<Queues> {
  const names = [CAMPAIGN_QUEUE, AFTERCARE_QUEUE, MAIL_QUEUE, ...platforms.map(fireQueue)];
  const queues = new Map<string, Queue>();
  const intakes = new Map<string, Intake>();
  for (const name of names) {
    queues.set(name, createQueue(home, name, onError));
    intakes.set(name, createIntake(onError));
  }
  await untilReady(home, [...queues.values()], onError);
  return {
    enqueue: async (name, payload, options = {}) => {
      const to = queueOf(name, options.platform);
      const [queue, intake] = [queues.get(to), intakes.get(to)];
      if (!queue || !intake) throw new Error(`No queue for ${name} on ${options.platform}`);
      return intake.take(() => queue.add(name, payload, jobOptions(name, payload, options)));
    },
    work: (queue, concurrency, run) => startWorker(home, queue, concurrency, run, onError),
    throttle: async (platform, until) => {
      const ms = Math.ceil(until.getTime() - Date.now());
      if (ms > 0) await queues.get(fireQueue(platform))?.rateLimit(ms);
    },
    names: () => names,
    count: async () => {
      const counted = [...queues].map(
        async ([name, queue]) => [name, await queue.getJobCounts(...COUNTED)] as const,
      );
      return new Map(await Promise.all(counted));
    },
    dispose: async () => {
      await Promise.all([...queues.values()].map(closeWithin));
    },
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

function createQueue(home: QueueHome, name: string, onError: (error: Error) => void): Queue {
  // Migrations of the queue's own schema run on the first connection and are a no-op on the others.
  const queue =
    home.kind === 'redis'
      ? new Queue(name, redisOptions(home.url, false))
      : new Queue(name, postgresOptions(home.url, true), createPostgresBackend);
  queue.on('error', onError);
  return queue as Queue;
}

/** One after the other on the database, where the first migrates; there, what fails is a defect and is thrown. */
async function untilReady(
  home: QueueHome,
  queues: readonly Queue[],
  onError: (error: Error) => void,
): Promise<void> {
  if (home.kind === 'postgres') {
    for (const queue of queues) await queue.waitUntilReady();
    return;
  }
  const ready = Promise.all(queues.map((queue) => queue.waitUntilReady()));
  await within(START_MS, ready).catch(onError);
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
  home: QueueHome,
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
  const shared: Omit<WorkerOptions, 'connection'> = {
    concurrency,
    maxStalledCount: STALLS,
    stalledInterval: 5_000,
    // Far beyond any real number: without a limit of its own a worker does not see that the queue is throttled.
    limiter: { max: 1_000_000, duration: 1_000 },
  };
  const worker =
    home.kind === 'redis'
      ? new Worker(name, process, { ...shared, ...redisOptions(home.url, true) })
      : new Worker(
          name,
          process,
          {
            ...shared,
            ...postgresOptions(home.url, false),
            ...(home.hearsNotify ? {} : { drainDelay: POLL_SECONDS }),
          },
          home.hearsNotify ? createPostgresBackend : pollingBackend,
        );
  worker.on('error', onError);
  worker.on('failed', (_job, error) => onError(error));
  return {
    close: async () => {
      // Takes no more jobs from here on. What has ended may still wait for the queue to hear of it, which is not waited for.
      const closing = worker.close();
      closing.catch(onError);
      while (running.size > 0) await Promise.allSettled(running);
      await closeWithin(worker as Worker);
    },
  };
}

/** Sleeps no longer than a poll, however far off the next job is: BullMQ's own ceiling is an hour, since NOTIFY would wake it. */
const pollingBackend: typeof createPostgresBackend = (...args) => {
  const backend = createPostgresBackend(...args);
  Object.defineProperty(backend, 'maximumBlockTimeout', { value: POLL_SECONDS });
  return backend;
};

/** Commands of a worker wait for Redis to come back; those of a producer fail at once, and the sweep tries again. */
function redisOptions(url: string, worker: boolean): QueueOptions {
  return {
    prefix: PREFIX,
    connection: {
      url,
      maxRetriesPerRequest: worker ? null : 1,
      // BullMQ's own back-off is 1 to 20 s, and was seen to cost 15 s after an outage of 20.
      retryStrategy: (times: number) => Math.min(50 * times, 500),
    },
  };
}

function postgresOptions(url: string, migrate: boolean) {
  return { connection: { connectionString: url, migrate, max: 2 } };
}
