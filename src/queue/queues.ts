import {
  createPostgresBackend,
  type Job,
  type JobsOptions,
  Queue,
  type QueueOptions,
  Worker,
  type WorkerOptions,
} from 'bullmq';
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
  /** Does nothing when the same alarm is set already. `at` in the past means now. */
  enqueue<Name extends JobName>(
    name: Name,
    payload: JobPayloads[Name],
    options?: { platform?: string; at?: Date; key?: string },
  ): Promise<void>;
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

/** Opens the queues of these platforms. */
export async function openQueues(
  home: QueueHome,
  platforms: readonly string[],
  onError: (error: Error) => void,
): Promise<Queues> {
  const names = [CAMPAIGN_QUEUE, AFTERCARE_QUEUE, MAIL_QUEUE, ...platforms.map(fireQueue)];
  const queues = new Map<string, Queue>();
  for (const name of names) queues.set(name, await openQueue(home, name, onError));
  return {
    enqueue: async (name, payload, options = {}) => {
      const queue = queues.get(queueOf(name, options.platform));
      if (!queue) throw new Error(`No queue for ${name} on ${options.platform}`);
      await queue.add(name, payload, jobOptions(name, payload, options));
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
      await Promise.all([...queues.values()].map((queue) => queue.close()));
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

async function openQueue(
  home: QueueHome,
  name: string,
  onError: (error: Error) => void,
): Promise<Queue> {
  // Migrations of the queue's own schema run on the first connection and are a no-op on the others.
  const queue =
    home.kind === 'redis'
      ? new Queue(name, redisOptions(home.url, false))
      : new Queue(name, postgresOptions(home.url, true), createPostgresBackend);
  queue.on('error', onError);
  await queue.waitUntilReady();
  return queue as Queue;
}

function startWorker(
  home: QueueHome,
  name: string,
  concurrency: number,
  run: (name: JobName, payload: unknown) => Promise<void>,
  onError: (error: Error) => void,
): QueueWorker {
  const process = async (job: Job): Promise<void> => run(job.name as JobName, job.data);
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
  return { close: () => worker.close() };
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
