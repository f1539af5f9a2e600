import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { freePort } from '../free-port.ts';
import { startDaemon } from './daemon.ts';
import { hasDocker, startContainer } from './docker.ts';
import { findProgram } from './programs.ts';
import type { Ladder, Running } from './service.ts';
import { makeTemp } from './temp.ts';

/** Databases that test workers empty and fill; number 0 is left alone. */
const testDatabases = [1, 2, 3, 4, 5, 6, 7, 8];

/** BullMQ needs noeviction; the rest keeps a server of one run off the disk. */
const settings = ['--save', '', '--appendonly', 'no', '--maxmemory-policy', 'noeviction'];

/** Starts a Redis (or Valkey) of our own, from this machine's programs or else in Docker. */
export async function startRedis(): Promise<Running> {
  const running = (await redis.installed()) ?? (await redis.docker());
  if (running) return running;
  throw new Error(
    'There is no Redis: neither redis-server or valkey-server on this machine, nor Docker.',
  );
}

/** The ways to a Redis. */
export const redis: Ladder = {
  name: 'Redis',
  variable: 'TEST_REDIS_URL',
  packages: ['redis-server'],
  async given() {
    const url = process.env.TEST_REDIS_URL;
    if (!url) return null;
    await refuseForeignKeys(url);
    return { url, stop: () => emptyTestDatabases(url) };
  },
  async installed() {
    const program = await findProgram(['redis-server', 'valkey-server']);
    return program === null ? null : startInstalled(program);
  },
  async docker() {
    if (!(await hasDocker())) return null;
    const password = randomBytes(12).toString('hex');
    return startContainer({
      image: 'valkey/valkey:8-alpine',
      port: 6379,
      args: ['valkey-server', '--requirepass', password, ...settings],
      url: (port) => `redis://:${password}@127.0.0.1:${port}`,
      answers,
    });
  },
};

/** Connects, or rejects within five seconds. The caller disconnects. */
export async function openRedis(url: string): Promise<Redis> {
  const client = new Redis(url, {
    lazyConnect: true,
    connectTimeout: 5000,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
  });
  // Without a listener ioredis logs every lost connection; connect() and each command reject by themselves.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

async function startInstalled(program: string): Promise<Running> {
  const folder = await makeTemp('redis');
  try {
    const password = randomBytes(12).toString('hex');
    const port = await freePort();
    const url = `redis://:${password}@127.0.0.1:${port}`;
    // A file that only we can read: arguments are seen by every user of the machine.
    const configuration = join(folder.path, 'redis.conf');
    await writeFile(configuration, `requirepass ${password}\n`, { mode: 0o600 });
    const daemon = await startDaemon({
      program,
      args: [
        configuration,
        ...['--port', String(port), '--bind', '127.0.0.1', '--dir', folder.path],
        ...['--daemonize', 'no', ...settings],
      ],
      cwd: folder.path,
      env: { PATH: process.env.PATH, LC_ALL: 'C' },
      stopSignal: 'SIGTERM',
      answers: () => answers(url),
    });
    return { url, stop: () => daemon.stop().then(() => folder.remove()) };
  } catch (error) {
    await folder.remove();
    throw error;
  }
}

async function answers(url: string): Promise<void> {
  const client = await openRedis(url);
  await client.ping().finally(() => client.disconnect());
}

/** The tests empty the databases they use; on a server that is not ours these must hold nothing. */
async function refuseForeignKeys(url: string): Promise<void> {
  await inTestDatabases(url, async (client, db) => {
    if ((await client.dbsize()) === 0) return;
    throw new Error(
      `database ${db} of that server holds keys, and tests would erase them. Empty it, or name a server made for tests.`,
    );
  });
}

async function emptyTestDatabases(url: string): Promise<void> {
  await inTestDatabases(url, (client) => client.flushdb());
}

async function inTestDatabases(
  url: string,
  work: (client: Redis, db: number) => Promise<unknown>,
): Promise<void> {
  const client = await openRedis(url);
  try {
    for (const db of testDatabases) {
      await client.select(db);
      await work(client, db);
    }
  } finally {
    client.disconnect();
  }
}
