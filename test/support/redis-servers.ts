import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RedisOptions } from 'ioredis';
import { Redis } from 'ioredis';
import { describe } from 'vitest';
import { atEnd } from './at-end.ts';
import { freePort } from './free-port.ts';
import { startDaemon } from './services/daemon.ts';
import { findProgram } from './services/programs.ts';
import { tempFolder } from './temp.ts';
import { waitFor } from './wait-for.ts';

const program = await findProgram(['redis-server', 'valkey-server']);

/** `describe` where this machine has the program, which starts servers as no URL of a run's Redis can name them. */
export const withRedisServer = describe.skipIf(program === null);

export interface RedisServer {
  port: number;
  url: string;
  /** Commands that are no test's subject, on a connection of their own. */
  call(...command: [string, ...string[]]): Promise<unknown>;
  stop(): Promise<void>;
}

export interface RedisServerOptions {
  /** Lines of redis.conf. */
  settings?: readonly string[];
  port?: number;
  /** How it can be reached, where it wants more than an address. */
  client?: RedisOptions;
  sentinel?: boolean;
}

/** Starts a Redis of this test's (or file's) own; nothing of it outlives it. */
export async function startRedisServer(options: RedisServerOptions = {}): Promise<RedisServer> {
  const { settings = [], client = {}, sentinel = false } = options;
  const port = options.port ?? (await freePort());
  const folder = await tempFolder('redis');
  const file = join(folder, 'redis.conf');
  const lines = [
    ...(client.tls ? ['port 0', `tls-port ${port}`] : [`port ${port}`]),
    ...['bind 127.0.0.1', `dir ${folder}`, 'daemonize no'],
    ...(sentinel ? [] : ['save ""', 'appendonly no']),
    ...settings,
  ];
  await writeFile(file, `${lines.join('\n')}\n`);
  const call = async (...[name, ...args]: [string, ...string[]]): Promise<unknown> => {
    const redis = new Redis({ ...client, port, host: '127.0.0.1', lazyConnect: true, ...ONCE });
    redis.on('error', () => undefined);
    await redis.connect();
    return redis.call(name, ...args).finally(() => redis.disconnect());
  };
  const daemon = await startDaemon({
    program: program ?? 'redis-server',
    args: [file, ...(sentinel ? ['--sentinel'] : [])],
    cwd: folder,
    env: { PATH: process.env.PATH, LC_ALL: 'C' },
    stopSignal: 'SIGKILL',
    answers: () => call('PING'),
  });
  atEnd(() => daemon.stop());
  return { port, url: `redis://127.0.0.1:${port}`, call, stop: () => daemon.stop() };
}

const ONCE: RedisOptions = {
  connectTimeout: 5_000,
  retryStrategy: () => null,
  maxRetriesPerRequest: 0,
  enableReadyCheck: false,
};

interface ClusterNode {
  server: RedisServer;
  bus: number;
}

/** Somebody else may take a port between its choice and its use; then with others, a few times. */
async function startClusterNode(port?: number, tries = 5): Promise<ClusterNode> {
  const bus = await freePort();
  const settings = ['cluster-enabled yes', `cluster-port ${bus}`, 'cluster-node-timeout 2000'];
  try {
    const server = await startRedisServer({ settings, ...(port !== undefined && { port }) });
    return { server, bus };
  } catch (error) {
    if (tries > 1 && String(error).includes('Address already in use')) {
      return startClusterNode(port, tries - 1);
    }
    throw error;
  }
}

/** A cluster of three, complete. `ports`: where, if that must be known before. */
export async function startRedisCluster(ports: readonly number[] = []): Promise<RedisServer[]> {
  const nodes = await Promise.all([0, 1, 2].map((i) => startClusterNode(ports[i])));
  const [first, ...others] = nodes.map(({ server }) => server) as [RedisServer, ...RedisServer[]];
  for (const [i, { server }] of nodes.entries()) {
    const [from, to] = [Math.ceil((i * 16_384) / 3), Math.ceil(((i + 1) * 16_384) / 3) - 1];
    await server.call('CLUSTER', 'ADDSLOTSRANGE', String(from), String(to));
    await server.call('CLUSTER', 'SET-CONFIG-EPOCH', String(i + 1));
  }
  for (const { server, bus } of nodes.slice(1)) {
    await first.call('CLUSTER', 'MEET', '127.0.0.1', String(server.port), String(bus));
  }
  const isWhole = async (node: RedisServer): Promise<boolean> =>
    String(await node.call('CLUSTER', 'INFO')).includes('cluster_state:ok');
  for (const node of [first, ...others]) {
    await waitFor(() => isWhole(node), { timeoutMs: 60_000, what: 'the cluster to be complete' });
  }
  return [first, ...others];
}
