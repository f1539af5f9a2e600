import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import { Cluster, type ClusterOptions, Redis, type RedisOptions } from 'ioredis';
import type { RedisNode, RedisTarget } from '../../config/redis-url.ts';
import { ConfigurationError } from '../domain/errors.ts';
import { missingPem } from '../domain/tls-problem.ts';

/** Hash tag of every key, so that all of them are on one slot of a cluster, as BullMQ's scripts need. */
export const PREFIX = '{tc}';

/** A server that does not take a connection by then is away. Milliseconds, as all of these. */
export const CONNECT_MS = 2_000;
/** A command of a producer that is not answered by then fails: the sweep of the records does what it asked for. */
const COMMAND_MS = 2_000;
/** From one attempt to connect to the next; BullMQ's own 1 to 20 s were seen to cost 15 s after an outage of 20. */
const RETRY_MS = { first: 50, least: 250, most: 500 };

/** How long to wait before the next attempt: the first is quick, the rest are spread so that processes do not come all at once. */
export function retryDelay(attempt: number, random = Math.random): number {
  if (attempt <= 1) return RETRY_MS.first;
  return Math.round(RETRY_MS.least + random() * (RETRY_MS.most - RETRY_MS.least));
}

/**
 * Who uses the connection. Commands of a worker wait for Redis to come back, since a blocking fetch lasts as long as there is
 * nothing to do; those of a producer fail soon.
 */
export type RedisUse = 'producer' | 'worker';

/** A server that stays a replica is left for another at most this often: connecting anew resets the count that `retryDelay` goes by. */
const LEAVE_EVERY_MS = 1_000;
/** Refusals that come within this time are of commands that were under way together. */
const TOGETHER_MS = 40;

/**
 * What ioredis is to do with an error: a server that has become a replica says READONLY to each command. The master is looked for
 * again and the commands are sent there (2); where that has just been tried they fail (false). One for each connection.
 */
export function leaveReplica(now = () => performance.now()): (error: Error) => 2 | false {
  let leftAt = Number.NEGATIVE_INFINITY;
  return ({ message }) => {
    if (!message.startsWith('READONLY')) return false;
    const sinceMs = now() - leftAt;
    if (sinceMs >= LEAVE_EVERY_MS) leftAt = now();
    return sinceMs >= LEAVE_EVERY_MS || sinceMs < TOGETHER_MS ? 2 : false;
  };
}

/** What every connection of the product to Redis is made with, whatever it leads to. */
function optionsFor(target: RedisTarget, use: RedisUse): RedisOptions {
  return {
    username: target.username || undefined,
    password: target.password || undefined,
    family: target.family,
    tls: tlsOptions(target),
    connectTimeout: CONNECT_MS,
    keepAlive: 10_000,
    retryStrategy: (attempt) => retryDelay(attempt),
    reconnectOnError: leaveReplica(),
    ...(use === 'worker'
      ? { maxRetriesPerRequest: null }
      : { maxRetriesPerRequest: 1, commandTimeout: COMMAND_MS }),
  };
}

/** @throws ConfigurationError when a file of the address cannot be read. */
export function tlsOptions({ tls }: RedisTarget): ConnectionOptions | undefined {
  if (tls === null) return undefined;
  return {
    rejectUnauthorized: tls.verify,
    ...(tls.ca && { ca: readPem('sslrootcert', tls.ca) }),
    ...(tls.cert && { cert: readPem('sslcert', tls.cert) }),
    ...(tls.key && { key: readPem('sslkey', tls.key) }),
  };
}

function readPem(name: string, path: string): string {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigurationError(
      `REDIS_URL: ${name}: ${path} cannot be read (${(error as Error).message})`,
    );
  }
  const missing = missingPem(name, text);
  if (missing !== null) throw new ConfigurationError(`REDIS_URL: ${name}: ${path} ${missing}`);
  return text;
}

/** A connection to one server and nothing more: it is tried once, and fails with the reason. Not connected yet. */
export function singleAttempt(node: RedisNode, target: RedisTarget, change: RedisOptions): Redis {
  return new Redis({
    ...optionsFor(target, 'producer'),
    ...node,
    lazyConnect: true,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
    commandTimeout: CONNECT_MS,
    enableReadyCheck: false,
    ...change,
  });
}

/** What Redis has turned out to be. */
export type Topology = 'single' | 'cluster' | 'sentinel';

/** Makes a connection that lasts: it comes back by itself, however long Redis is away. */
export function createClient(
  target: RedisTarget,
  topology: Topology,
  use: RedisUse,
): Redis | Cluster {
  const options = optionsFor(target, use);
  const [first] = target.nodes;
  switch (topology) {
    case 'single':
      return endedOften(new Redis({ ...options, ...first, db: target.db }));
    case 'sentinel':
      return endedOften(new Redis({ ...options, db: target.db, ...sentinelOptions(target) }));
    case 'cluster':
      return new Cluster([...target.nodes], clusterOptions(target, options));
  }
}

/**
 * A server that has become a replica refuses each command under way, and ioredis ends the same socket once for each, with a
 * listener every time: from eleven on, Node.js would write a warning at each new connection.
 */
function endedOften(client: Redis): Redis {
  return client.on('connect', () => client.stream.setMaxListeners(0));
}

function sentinelOptions(target: RedisTarget): RedisOptions {
  const tls = tlsOptions(target);
  return {
    sentinels: [...target.nodes],
    name: target.master,
    sentinelUsername: target.sentinelUsername || undefined,
    sentinelPassword: target.sentinelPassword || undefined,
    sentinelCommandTimeout: CONNECT_MS,
    sentinelRetryStrategy: (attempt) => retryDelay(attempt),
    ...(tls && { sentinelTLS: tls, enableTLSForSentinelMode: true }),
  };
}

function clusterOptions(target: RedisTarget, redisOptions: RedisOptions): ClusterOptions {
  return {
    redisOptions,
    clusterRetryStrategy: (attempt) => retryDelay(attempt),
    slotsRefreshTimeout: CONNECT_MS,
    // A certificate names hosts: where there is TLS, the names that the nodes give are kept as they are.
    ...(target.tls && {
      dnsLookup: (name: string, done: (e: null, address: string) => void) => done(null, name),
    }),
  };
}
