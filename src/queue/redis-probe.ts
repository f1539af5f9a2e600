import type { Redis } from 'ioredis';
import type { RedisNode, RedisTarget } from '../../config/redis-url.ts';
import { ConfigurationError } from '../domain/errors.ts';
import { type RedisInfo, refuseUnfit } from './redis-info.ts';
import { PREFIX, singleAttempt, type Topology } from './redis-options.ts';
import { RedisUnfitError, refuseRedis, whyRefused } from './redis-refusal.ts';

/** What a look at Redis has shown. */
export type Probed =
  | { state: 'there'; topology: Topology; warnings: readonly string[] }
  /** It does not answer now, or cannot be used as it is, and may be later. `now`: the reason as the end of "since ...", without an address. */
  | { state: 'away'; reason: Error; now: string };

/**
 * Looks what REDIS_URL leads to, by doing what the queue will do: signing in, reading INFO, running a script that writes.
 * Takes a few seconds at most for each host.
 * @throws ConfigurationError, one line, where only another REDIS_URL helps.
 */
export async function probeRedis(target: RedisTarget): Promise<Probed> {
  let reason = new Error('no host');
  for (const node of target.nodes) {
    try {
      return await probeNode(node, target);
    } catch (error) {
      const unfit = await unfitness(error as Error, node, target);
      if (unfit !== null) return { state: 'away', reason: unfit, now: unfit.now };
      const { message } = readable(error as Error, node);
      reason = new Error(`REDIS_URL: Redis is away (${message})`);
    }
  }
  return { state: 'away', reason, now: 'Redis does not answer' };
}

/** Null: it is away. @throws ConfigurationError where only another REDIS_URL helps. */
async function unfitness(
  error: Error,
  node: RedisNode,
  target: RedisTarget,
): Promise<RedisUnfitError | null> {
  try {
    const refusal = await whyRefused(error, node, target);
    return refusal === null ? null : refuseRedis(refusal);
  } catch (refused) {
    if (refused instanceof RedisUnfitError) return refused;
    throw refused;
  }
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
  // Of a cluster any node will do: the master of our keys is looked for.
  const warnings = refuseUnfit(info, node, { mayBeReplica: isCluster });
  const keeper = isCluster ? await keyNode(node, target) : node;
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
  if (fields.get('loading') === '1') throw new Error('it is still loading its data');
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
  const asSentinel = {
    username: target.sentinelUsername || undefined,
    password: target.sentinelPassword || undefined,
  };
  const master = await withClient(
    sentinel,
    target,
    async (client): Promise<RedisNode> => {
      const question = ['get-master-addr-by-name', target.master] as const;
      const found = (await client.call('sentinel', ...question)) as [string, string] | null;
      if (found) return { host: found[0], port: Number(found[1]) };
      throw new ConfigurationError(
        `REDIS_URL: the sentinel at ${sentinel.host}:${sentinel.port} knows no server called "${target.master}"; its sentinel.conf has the name after "sentinel monitor"`,
      );
    },
    asSentinel,
  );
  const warnings = refuseUnfit(await withClient(master, target, readInfo), master, {
    mayBeReplica: true,
  });
  await withClient(master, target, (client) => tryWriting(client, target.db));
  return { state: 'there', topology: 'sentinel', warnings };
}

/** An address that has several, and none of them answers, gives an error without a message. */
function readable(error: Error & { code?: string }, node: RedisNode): Error {
  if (error.message !== '' && error.message !== 'Connection is closed.') return error;
  const why = error.code ?? 'it closed the connection without an answer';
  return new Error(`${node.host}:${node.port}: ${why}`);
}
