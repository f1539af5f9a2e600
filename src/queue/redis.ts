import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster, Redis } from 'ioredis';
import { parseRedisUrl, type RedisTarget } from '../../config/redis-url.ts';
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
  /** Why it has not been seen yet, as the end of "since ...", without an address; null once it has. */
  absence(): string | null;
  close(): void;
}

/** What is said of Redis: errors of connections, and what is to be put right at leisure. */
export type OnRedisError = (error: Error) => void;

type Away = Probed & { state: 'away' };

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
  let absence: string | null = null;
  const probed = await probeRedis(target);
  const open = (topology: Topology, warnings: readonly string[]): void => {
    for (const warning of warnings) onError(new Error(warning));
    connections = connect(target, topology, onError);
    absence = null;
    for (const act of waiting.splice(0)) act(connections);
  };
  if (probed.state === 'there') open(probed.topology, probed.warnings);
  else {
    const onAway = ({ reason, now }: Away): void => {
      absence = now;
      onError(reason);
    };
    onAway(probed);
    void lookFor(target, stop.signal, onAway).then((found) => {
      if (found && !stop.signal.aborted) open(found.topology, found.warnings);
    });
  }
  return {
    onceThere: (act) => {
      if (connections) act(connections);
      else waiting.push(act);
    },
    current: () => connections,
    absence: () => absence,
    close: () => {
      stop.abort();
      connections?.producer.disconnect();
      connections?.worker.disconnect();
    },
  };
}

/** Looks again and again until Redis is there, or until stopped, which gives null. */
async function lookFor(
  target: RedisTarget,
  signal: AbortSignal,
  onAway: (away: Away) => void,
): Promise<{ topology: Topology; warnings: readonly string[] } | null> {
  for (let attempt = 2; !signal.aborted; attempt++) {
    let waitMs = retryDelay(attempt);
    try {
      const probed = await probeRedis(target);
      if (probed.state === 'there') return probed;
      onAway(probed);
    } catch (error) {
      onAway({
        state: 'away',
        reason: error as Error,
        now: 'REDIS_URL is wrong for what is there',
      });
      waitMs = REFUSED_MS;
    }
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
