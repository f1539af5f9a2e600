import type { Redis } from 'ioredis';
import type { RedisNode, RedisTarget } from '../../config/redis-url.ts';
import { ConfigurationError } from '../domain/errors.ts';
import type { QueueTrouble } from '../domain/health/health.ts';
import { type RedisInfo, refuseUnfit } from './redis-info.ts';
import { PREFIX, singleAttempt, type Topology } from './redis-options.ts';
import {
  explainPassing,
  PASSWORD,
  RedisAwayError,
  RedisUnfitError,
  refuseRedis,
  whyRefused,
} from './redis-refusal.ts';

/** What a look at Redis has shown. */
export type Probed =
  | { state: 'there'; topology: Topology; warnings: readonly string[] }
  /**
   * May be of use later. `away`: it does not answer, or something that passes keeps it from work. `unfit`: it would lose or refuse jobs as
   * it is. `reason`: one line for the log; `now`: what everybody may read.
   */
  | { state: 'away' | 'unfit'; reason: Error; now: QueueTrouble };

const SILENT: QueueTrouble = { why: 'Redis does not answer', mend: null };
const NO_SENTINEL: QueueTrouble = {
  why: 'none of the sentinels in REDIS_URL answers',
  mend: 'Start them again, or write into REDIS_URL where they are and start again.',
};
const SENTINEL_PASSWORD: QueueTrouble = {
  why: 'the sentinels do not take our user or password',
  mend: 'Write theirs into REDIS_URL as sentinelPassword (and sentinelUsername) and start again.',
};
const NO_MASTER: QueueTrouble = {
  why: 'the server that the sentinels name as master does not answer',
  mend: 'The sentinels put a replica in its place by themselves, where one is in step and enough of them agree; if that takes longer than their down-after-milliseconds and failover-timeout, start that server again, and ask a sentinel what keeps it: SENTINEL CKQUORUM NAME.',
};

/**
 * Looks what REDIS_URL leads to, by doing what the queue will do: signing in, reading INFO, running a script that writes.
 * Takes a few seconds at most for each host.
 * @throws ConfigurationError, one line, where only another REDIS_URL helps.
 */
export async function probeRedis(target: RedisTarget): Promise<Probed> {
  let away: RedisAwayError | null = null;
  for (const node of target.nodes) {
    try {
      return await probeNode(node, target);
    } catch (error) {
      const reason = await explain(error as Error, node, target);
      const { now } = reason;
      if (reason instanceof RedisUnfitError) return { state: 'unfit', reason, now };
      // What a sentinel says of the server tells more than that another sentinel is dead.
      if (away?.now !== NO_MASTER) away = reason;
    }
  }
  const reason = away ?? new RedisAwayError('no host', SILENT);
  return { state: 'away', reason, now: reason.now };
}

/** What an error of this server means. `silence`: if it only does not answer. @throws ConfigurationError where only another REDIS_URL helps. */
async function explain(
  error: Error,
  node: RedisNode,
  target: RedisTarget,
  silence = SILENT,
): Promise<RedisUnfitError | RedisAwayError> {
  if (error instanceof RedisUnfitError || error instanceof RedisAwayError) return error;
  if (error instanceof ConfigurationError) throw error;
  const refusal = await whyRefused(error, node, target);
  if (refusal === null) {
    const { message } = readable(error, node);
    return new RedisAwayError(message, explainPassing(message) ?? silence);
  }
  const { why, now } = refusal;
  return now === null ? refuseRedis(refusal) : new RedisUnfitError(why, now);
}

async function probeNode(node: RedisNode, target: RedisTarget): Promise<Probed> {
  if (target.kind === 'sentinel') return probeSentinel(node, target);
  const info = await withClient(node, target, readInfo);
  const isCluster = info.fields.get('cluster_enabled') === '1';
  if (target.kind === 'cluster' && !isCluster) {
    throw new ConfigurationError(
      `REDIS_URL: names a cluster, but ${node.host}:${node.port} is a server by itself; write redis://${node.host}:${node.port}`,
    );
  }
  if (isCluster && target.db !== 0) {
    throw new ConfigurationError(
      `REDIS_URL: a Redis Cluster has database 0 alone; leave out the /${target.db} at the end`,
    );
  }
  // Of a cluster any node will do: the master of our keys is looked for, and judged.
  const keeper = isCluster ? await keyNode(node, target) : node;
  const judged = isCluster ? await withClient(keeper, target, readInfo) : info;
  const warnings = refuseUnfit(judged, keeper, { mayBeReplica: isCluster });
  await withClient(keeper, target, (client) => tryWriting(client, target.db));
  return { state: 'there', topology: isCluster ? 'cluster' : 'single', warnings };
}

/** Connects once, does it, and is gone. @throws Error: the first thing that went wrong. */
async function withClient<T>(
  node: RedisNode,
  target: RedisTarget,
  act: (client: Redis) => Promise<T>,
  change: Parameters<typeof singleAttempt>[2] = {},
): Promise<T> {
  const client = singleAttempt(node, target, change);
  let first: Error | null = null;
  client.on('error', (error: Error) => {
    first ??= error;
  });
  try {
    await client.connect();
    return await act(client);
  } catch (error) {
    // What ioredis rejects with when it has told the reason by an event says only that the connection is closed.
    throw first ?? error;
  } finally {
    client.disconnect();
  }
}

async function readInfo(client: Redis): Promise<RedisInfo> {
  const text = String(await client.info());
  const fields = new Map(
    text.split(/\r?\n/).flatMap((line): [string, string][] => {
      const at = line.indexOf(':');
      return at < 1 ? [] : [[line.slice(0, at), line.slice(at + 1)]];
    }),
  );
  if (fields.get('loading') === '1') throw new Error('LOADING it is still loading its data');
  return { fields };
}

/** A script that writes, as each job is: refused by a replica, by a user who may not, and by a full server. */
async function tryWriting(client: Redis, db: number): Promise<void> {
  if (db !== 0) await client.select(db);
  await client.eval("return redis.call('set', KEYS[1], '1', 'px', '1000')", 1, `${PREFIX}:probe`);
}

/** The node of the cluster that holds our keys. */
async function keyNode(node: RedisNode, target: RedisTarget): Promise<RedisNode> {
  return withClient(node, target, async (client) => {
    const slot = await client.cluster('KEYSLOT', PREFIX);
    const ranges = await client.cluster('SLOTS');
    const range = ranges.find(([from, to]) => from <= slot && slot <= to);
    const master = range?.[2];
    if (!master) throw new Error('the cluster is not complete: no node holds our keys');
    const [host, port] = master;
    // A node that does not know its own address leaves it out.
    return { host: host || node.host, port };
  });
}

async function probeSentinel(sentinel: RedisNode, target: RedisTarget): Promise<Probed> {
  const master = await askSentinel(sentinel, target);
  try {
    const info = await withClient(master, target, readInfo);
    const warnings = refuseUnfit(info, master, { mayBeReplica: true });
    await withClient(master, target, (client) => tryWriting(client, target.db));
    return { state: 'there', topology: 'sentinel', warnings };
  } catch (error) {
    throw await explain(error as Error, master, target, NO_MASTER);
  }
}

/** Which server is the master by the word of this sentinel. */
async function askSentinel(sentinel: RedisNode, target: RedisTarget): Promise<RedisNode> {
  const at = `${sentinel.host}:${sentinel.port}`;
  const asSentinel = {
    username: target.sentinelUsername || undefined,
    password: target.sentinelPassword || undefined,
  };
  const ask = async (client: Redis): Promise<RedisNode> => {
    const question = ['get-master-addr-by-name', target.master] as const;
    const found = (await client.call('sentinel', ...question)) as [string, string] | null;
    if (found) return { host: found[0], port: Number(found[1]) };
    throw new ConfigurationError(
      `REDIS_URL: the sentinel at ${at} knows no server called "${target.master}"; its sentinel.conf has the name after "sentinel monitor"`,
    );
  };
  try {
    return await withClient(sentinel, target, ask, asSentinel);
  } catch (error) {
    const reason = await explain(error as Error, sentinel, target, NO_SENTINEL);
    if (reason.now !== PASSWORD) throw reason;
    const why = `the sentinel at ${at} does not take our user or password; name its own behind a ?: sentinelPassword=PASSWORD`;
    throw new RedisUnfitError(why, SENTINEL_PASSWORD);
  }
}

/** An address that has several, and none of them answers, gives an error without a message. */
function readable(error: Error & { code?: string }, node: RedisNode): Error {
  if (error.message !== '' && error.message !== 'Connection is closed.') return error;
  const why = error.code ?? 'it closed the connection without an answer';
  return new Error(`${node.host}:${node.port}: ${why}`);
}
