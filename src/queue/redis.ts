import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster, Redis } from 'ioredis';
import { parseRedisUrl, type RedisTarget } from '../../config/redis-url.ts';
import { ConfigurationError } from '../domain/errors.ts';
import type { QueueTrouble } from '../domain/health/health.ts';
import { createClient, retryDelay, type Topology } from './redis-options.ts';
import { type Probed, probeRedis } from './redis-probe.ts';

/** The connections of one process, in the forms that BullMQ takes. */
export interface RedisConnections {
  /** One for all queues of the process. */
  producer: Redis | Cluster;
  /** One for all workers of the process; each makes one more like it, which its blocking fetch occupies. */
  worker: Redis | Cluster;
}

/** A Redis that may be away. */
export interface RedisHome {
  /** Gives the connections, now or as soon as Redis has been seen. Not called once closed. */
  onceThere(act: (connections: RedisConnections) => void): void;
  /** Null: it has not been seen yet. */
  current(): RedisConnections | null;
  /** Why it gets no jobs: it has not been seen yet, or would lose or refuse them by the last look. Null where it gets them. */
  closure(): QueueTrouble | null;
  /** What the last look has shown to be wrong, also where jobs are still handed to it. */
  trouble(): QueueTrouble | null;
  /** Looks again at a Redis that has been seen, for what may have changed since. Takes a few seconds at most for each host; never rejects. */
  look(): Promise<void>;
  close(): void;
}

/** What is said of Redis: errors of connections, and what is to be put right at leisure. */
export type OnRedisError = (error: Error) => void;

type Seen = Probed & { state: 'there' };
type Away = Probed & { state: 'away' | 'unfit' };

/** Between two looks at a place that is of no use. */
const REFUSED_MS = 5_000;

/**
 * Looks at Redis and connects to it. A Redis that is away, or cannot be used as it is now (a replica, another password), does not
 * keep the process from starting: it is looked for in the background. What it is (one server, a cluster) must be known before
 * anything is sent to it.
 * @throws ConfigurationError, one line, where only another REDIS_URL helps.
 */
export async function openRedis(url: string, onError: OnRedisError): Promise<RedisHome> {
  const target = parseRedisUrl(url);
  const waiting: ((connections: RedisConnections) => void)[] = [];
  const stop = new AbortController();
  let connections: RedisConnections | null = null;
  let last: Probed = await probeRedis(target);
  let looking: Promise<void> | null = null;
  const note = (probed: Probed): void => {
    const before = last.state === 'there' ? last.warnings : [];
    last = probed;
    if (probed.state !== 'there') onError(probed.reason);
    else tellWarnings(probed, before, onError);
  };
  const open = (seen: Seen): void => {
    last = seen;
    tellWarnings(seen, [], onError);
    connections = connect(target, seen.topology, onError);
    for (const act of waiting.splice(0)) act(connections);
  };
  if (last.state === 'there') open(last);
  else {
    onError(last.reason);
    void lookFor(target, stop.signal, note).then((found) => {
      if (found && !stop.signal.aborted) open(found);
    });
  }
  const look = async (): Promise<void> => {
    const probed = await probeAgain(target);
    if (!stop.signal.aborted) note(probed);
    looking = null;
  };
  const trouble = () => (last.state === 'there' ? null : last.now);
  return {
    onceThere: (act) => {
      if (connections) act(connections);
      else waiting.push(act);
    },
    current: () => connections,
    closure: () => (connections === null || last.state === 'unfit' ? trouble() : null),
    trouble,
    look: async () => {
      if (connections === null) return;
      looking ??= look();
      await looking;
    },
    close: () => {
      stop.abort();
      connections?.producer.disconnect();
      connections?.worker.disconnect();
    },
  };
}

function tellWarnings({ warnings }: Seen, known: readonly string[], onError: OnRedisError): void {
  for (const warning of warnings) if (!known.includes(warning)) onError(new Error(warning));
}

const WRONG: QueueTrouble = {
  why: 'REDIS_URL is wrong for what is there',
  mend: 'The log says what is there instead: mend that, or write another REDIS_URL and start again.',
};

/** While the process runs even what only another REDIS_URL helps against may be put right at the server. Never rejects. */
async function probeAgain(target: RedisTarget): Promise<Probed> {
  try {
    return await probeRedis(target);
  } catch (error) {
    const isRefused = error instanceof ConfigurationError;
    return { state: isRefused ? 'unfit' : 'away', reason: error as Error, now: WRONG };
  }
}

/** Looks again and again until Redis is there, or until stopped, which gives null. */
async function lookFor(
  target: RedisTarget,
  signal: AbortSignal,
  onAway: (away: Away) => void,
): Promise<Seen | null> {
  for (let attempt = 2; !signal.aborted; attempt++) {
    const probed = await probeAgain(target);
    if (probed.state === 'there') return probed;
    onAway(probed);
    const waitMs = probed.now === WRONG ? REFUSED_MS : retryDelay(attempt);
    await sleep(waitMs, undefined, { signal, ref: false }).catch(() => undefined);
  }
  return null;
}

function connect(target: RedisTarget, topology: Topology, onError: OnRedisError): RedisConnections {
  const producer = createClient(target, topology, 'producer');
  const worker = createClient(target, topology, 'worker');
  for (const client of [producer, worker]) client.on('error', onError);
  return { producer, worker };
}
