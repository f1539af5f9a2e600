import { setTimeout as sleep } from 'node:timers/promises';
import { type Job, Queue, type QueueOptions, Worker, type WorkerOptions } from 'bullmq';
import type { QueueTrouble } from '../domain/health/health.ts';
import type { QueueHome } from './home.ts';
import { openPostgresQueues } from './postgres.ts';
import { openRedis } from './redis.ts';
import { PREFIX } from './redis-options.ts';
import { explainPassing, explainReply } from './redis-refusal.ts';

/** BullMQ over one of them. */
export interface JobBackend {
  /** Calls this now, or as soon as the place has been seen, which a Redis may not have been at the start. */
  onceThere(act: () => void): void;
  /** Why it gets no jobs: it has not been seen yet, or would lose or refuse them by the last look. Null where it gets them. */
  closure(): QueueTrouble | null;
  /** What an error of it means, also by the last look; null where nothing more is known than that it failed. */
  explain(error: Error): QueueTrouble | null;
  /** Looks again at what may have changed since the start. May take some seconds; never rejects. */
  look(): Promise<void>;
  /** Only once it is there. */
  createQueue(name: string): Queue;
  createWorker(
    name: string,
    process: (job: Job) => Promise<void>,
    options: Omit<WorkerOptions, 'connection' | 'prefix'>,
  ): Worker;
  /** After all queues and workers are closed. */
  close(): Promise<void>;
}

/** Milliseconds from an error of the queue to the next question. */
const REST_MS = 250;

/** How often a worker looks for jobs that a dead one has left: a short question to Redis. */
const REDIS_WAITS = { stalledInterval: 5_000 };
/**
 * On PostgreSQL both are transactions for each queue, one of which writes. A worker hears of every job, and of the loss of the
 * connection that it hears on, so that it need not ask; what a dead one has left, the sweep does long before.
 */
const POSTGRES_WAITS = { drainDelay: 60, stalledInterval: 30_000 };

/**
 * BullMQ’s worker asks anew at once where its question fails, as when a key of Redis is of another type: thousands of times a
 * second, on the thread that sends posts. This one rests first.
 */
class RestingWorker extends Worker {
  protected override async moveToActive(...asked: [token: string, name?: string]) {
    try {
      return await super.moveToActive(...asked);
    } catch (error) {
      await sleep(REST_MS);
      throw error;
    }
  }
}

/**
 * Opens the place. A Redis that is away, or cannot be used as it is now, is waited for in the background.
 * @throws ConfigurationError, one line, where only another REDIS_URL helps.
 */
export async function openBackend(
  home: QueueHome,
  onError: (error: Error) => void,
): Promise<JobBackend> {
  return home.kind === 'redis' ? redisBackend(home.url, onError) : postgresBackend(home, onError);
}

async function redisBackend(url: string, onError: (error: Error) => void): Promise<JobBackend> {
  const redis = await openRedis(url, onError);
  const connections = () => {
    const there = redis.current();
    if (there === null) throw new Error('Redis has not been seen yet');
    return there;
  };
  return {
    onceThere: (act) => redis.onceThere(() => act()),
    closure: () => redis.closure(),
    explain: ({ message }) =>
      explainReply(message, 'Redis')?.now ?? explainPassing(message) ?? redis.trouble(),
    look: () => redis.look(),
    createQueue: (name) => {
      const connection = connections().producer;
      // What a version can do matters to workers alone.
      const queue = new Queue(name, { prefix: PREFIX, connection, skipVersionCheck: true });
      // The module that made the connection reports its errors.
      queue.on('error', () => undefined);
      return queue;
    },
    createWorker: (name, process, options) => {
      const connection = connections().worker;
      const worker = new RestingWorker(name, process, {
        ...{ ...options, ...REDIS_WAITS },
        ...{ prefix: PREFIX, connection },
      });
      worker.on('error', onError);
      return worker;
    },
    close: async () => redis.close(),
  };
}

async function postgresBackend(
  home: QueueHome & { kind: 'postgres' },
  onError: (error: Error) => void,
): Promise<JobBackend> {
  const queues = await openPostgresQueues(home, onError);
  const connection = {} as QueueOptions['connection'];
  return {
    onceThere: (act) => act(),
    closure: () => null,
    explain: () => null,
    look: async () => undefined,
    createQueue: (name) => {
      const queue = new Queue(name, { connection }, queues.factory());
      queue.on('error', onError);
      return queue as unknown as Queue;
    },
    createWorker: (name, process, options) => {
      const waits = { ...options, ...POSTGRES_WAITS, connection };
      const worker = new Worker(name, process, waits, queues.factory());
      worker.on('error', onError);
      return worker as unknown as Worker;
    },
    close: () => queues.close(),
  };
}
