import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadConfig } from '../../config/config.ts';
import { type Context, createContext } from '../../src/context.ts';
import { DatabaseAwayError } from '../../src/domain/errors.ts';
import { createLogger } from '../../src/log.ts';
import { startEmbedded } from '../../src/store/embedded/embedded.ts';
import { embeddedPaths } from '../../src/store/embedded/paths.ts';
import { programPath } from '../support/program.ts';
import { openRedis } from '../support/services/redis.ts';
import { UNWATCHED } from '../support/unwatched.ts';
import type { LinkState } from './link.ts';
import { startLinks } from './links.ts';
import type { EventName } from './options.ts';

/** The servers of a run. */
export interface Servers {
  databaseUrl: string;
  redisUrl: string;
  /** Null: the database is not ours alone, so it is not restarted, and of the Redis only our database is emptied. */
  restartDatabase: (() => Promise<void>) | null;
}

/** Where the records and the queue of a run are, and which program works on them. */
export interface Home {
  /** For the harness, which only looks on and opens campaigns. */
  ctx: Context;
  /** The program that is started and killed, and how it says that it is ready. */
  entry: string;
  ready: RegExp;
  /** What it is told of the records and the queue. */
  environment: Record<string, string>;
  /** Whether this can happen here. */
  able(name: EventName): boolean;
  restartDatabase: (() => Promise<void>) | null;
  /** Whether the database is away each time that a process of the product has been killed, until the next one is up. */
  diesWithIt: boolean;
  flushQueue(): Promise<void>;
  turn(link: 'database' | 'redis', state: LinkState): void;
  /** Called when no process of the product runs any more, and before the records are read. */
  beforeCount(): Promise<void>;
  dispose(): Promise<void>;
}

/** Worker processes on a PostgreSQL and a Redis, each behind a wire that can be cut. */
export async function serverHome(
  environment: Record<string, string>,
  servers: Servers,
): Promise<Home> {
  const links = await startLinks(servers);
  const stopping = new AbortController();
  const config = loadConfig({ ...environment, DATABASE_URL: servers.databaseUrl });
  const ctx = await createContext(config, createLogger(config), stopping.signal);
  return {
    ctx,
    entry: await programPath('workers/main.ts'),
    ready: /is ready/,
    environment: { DATABASE_URL: links.databaseUrl, REDIS_URL: links.redisUrl },
    able: (name) => name !== 'database' || servers.restartDatabase !== null,
    restartDatabase: servers.restartDatabase,
    diesWithIt: false,
    flushQueue: () => flush(servers),
    turn: links.turn,
    beforeCount: async () => undefined,
    dispose: async () => {
      await ctx.dispose();
      links.stop();
    },
  };
}

async function flush({ redisUrl, restartDatabase }: Servers): Promise<void> {
  const redis = await openRedis(redisUrl);
  await (restartDatabase ? redis.flushall() : redis.flushdb()).finally(() => redis.disconnect());
}

/** What there is without a server of Redis and without a wire to the database. */
const EMBEDDED_EVENTS: readonly EventName[] = ['database', 'term', 'pause'];

/** One instance on its embedded database, which ends when the instance is killed, and is killed itself as `database`. */
export async function embeddedHome(environment: Record<string, string>): Promise<Home> {
  const { DATA_DIR = '' } = environment;
  // With the database as a first start leaves it, so that the harness can connect before the first instance does.
  const embedded = await startEmbedded(DATA_DIR, UNWATCHED);
  const stopping = new AbortController();
  const config = loadConfig(environment);
  const ctx = await createContext(config, createLogger(config), stopping.signal, {
    besideInstance: true,
  });
  await embedded.stop();
  let counting = async (): Promise<void> => undefined;
  return {
    ctx,
    entry: await programPath('src/main.ts'),
    ready: /^Tocsin is ready/m,
    environment: {},
    able: (name) => EMBEDDED_EVENTS.includes(name),
    restartDatabase: () => killPostmaster(DATA_DIR),
    diesWithIt: true,
    flushQueue: async () => undefined,
    turn: () => undefined,
    beforeCount: async () => {
      counting = (await startEmbedded(DATA_DIR, UNWATCHED)).stop;
    },
    dispose: async () => {
      await ctx.dispose();
      await counting();
    },
  };
}

const KILL_WITHIN_MS = 20_000;

/** SIGKILL for the server's first process, as soon as there is one; the instance starts it again. */
async function killPostmaster(dataDir: string): Promise<void> {
  const file = join(embeddedPaths(dataDir).cluster, 'postmaster.pid');
  const deadline = performance.now() + KILL_WITHIN_MS;
  while (performance.now() < deadline) {
    const [pid = ''] = await readFile(file, 'utf8').then(
      (text) => text.split('\n'),
      () => [],
    );
    if (/^[1-9]\d*$/.test(pid) && kill(Number(pid))) return;
    await sleep(20);
  }
  throw new Error('There was no PostgreSQL to kill');
}

function kill(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false;
  }
}

const AGAIN_MS = 100;

/** Does it anew for as long as the database is away, as it is each time that an instance with its own is killed. */
export async function whenThere<T>(act: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (;;) {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof DatabaseAwayError)) throw error;
      await sleep(AGAIN_MS, null, { signal });
    }
  }
}
