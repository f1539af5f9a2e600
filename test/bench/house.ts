import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { build } from '../../src/build/build.mjs';
import { createControlClient, type SimulatorControl } from '../../src/simulator/client.ts';
import { type Child, type ChildOptions, startChild } from '../support/child.ts';
import { startPostgres } from '../support/services/postgres.ts';
import { openRedis, startRedis } from '../support/services/redis.ts';
import { makeTemp } from '../support/services/temp.ts';
import type { Answers } from './options.ts';

/** What every burst happens in: servers that outlive it, and ways to have what it needs for itself alone. */
export interface House {
  networkUrl: string;
  control: SimulatorControl;
  redisUrl: string;
  /** What PostgreSQL itself says of its settings, such as `fsync on`: commits are on the disk. */
  postgres: string;
  /** A database that nobody has used. */
  makeDatabase(): Promise<{ url: string; drop(): Promise<void> }>;
  makeFolder(): Promise<string>;
  /** A process of the product or of a peer. */
  start(options: ChildOptions): Promise<Child>;
  /** Makes everybody forget what was: an empty Redis, a network without accounts that answers like this. */
  clear(answers: Answers): Promise<void>;
  dispose(): Promise<void>;
}

/** The app's own cap of 10,000 posts a day would end a second burst. */
const LIMITS = { tweetsPerAppDay: { limit: 100_000_000, windowSeconds: 86_400 } };

/** Builds the programs, and starts PostgreSQL, Redis and the simulator, in this order. `seed`: of the simulator. */
export async function openHouse(seed: number): Promise<House> {
  const undo: (() => Promise<unknown>)[] = [];
  const dispose = async (): Promise<void> => {
    for (const one of undo.splice(0).reverse()) await one();
  };
  const start = async (options: ChildOptions): Promise<Child> => {
    const child = await startChild(options);
    undo.push(() => child.sweep());
    return child;
  };
  try {
    await build(console.error);
    const postgres = await startPostgres({ durable: true });
    undo.push(postgres.stop);
    const redis = await startRedis();
    undo.push(redis.stop);
    const simulator = await start({
      args: ['src/simulator/main.ts', '--port', '0', '--seed', String(seed)],
    });
    const networkUrl = (await simulator.line(/ready at (http:\S+)/))[1] ?? '';
    const control = createControlClient(networkUrl);
    return {
      networkUrl,
      control,
      redisUrl: redis.url,
      postgres: await asAdmin(postgres.url, settingsOf),
      makeDatabase: () => makeDatabase(postgres.url),
      makeFolder: async () => {
        const folder = await makeTemp('bench');
        undo.push(folder.remove);
        return folder.path;
      },
      start,
      clear: async (answers) => {
        await emptyRedis(redis.url);
        await control.reset();
        await control.behaviour({ limits: LIMITS, latency: latencyOf(answers) });
      },
      dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

const TOLD = ['fsync', 'shared_buffers', 'max_wal_size'];

async function settingsOf(admin: pg.Client): Promise<string> {
  const { rows } = await admin.query<{ said: string }>(
    `select name || ' ' || current_setting(name) as said
       from unnest($1::text[]) with ordinality as told (name, place) order by place`,
    [TOLD],
  );
  return rows.map((row) => row.said).join(', ');
}

function latencyOf(answers: Answers) {
  return answers === 'instant'
    ? ({ kind: 'none' } as const)
    : ({ kind: 'lognormal', medianMs: 150, sigma: 0.5 } as const);
}

async function emptyRedis(url: string): Promise<void> {
  const redis = await openRedis(url);
  await redis.flushall().finally(() => redis.disconnect());
}

async function makeDatabase(server: string) {
  const name = `bench_${randomBytes(4).toString('hex')}`;
  await asAdmin(server, (admin) => admin.query(`create database ${name}`));
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    drop: async () => {
      await asAdmin(server, (admin) => untilLeft(admin, name));
      await asAdmin(server, (admin) => admin.query(`drop database if exists ${name} with (force)`));
      // What one burst has written is not to be flushed while the next is measured.
      await asAdmin(server, (admin) => admin.query('checkpoint'));
    },
  };
}

const LEAVE_WITHIN_MS = 5_000;

/** A connection of ours that has said goodbye may still be there; one that is thrown out fails, with nobody to hear it. */
async function untilLeft(admin: pg.Client, name: string): Promise<void> {
  for (const deadline = Date.now() + LEAVE_WITHIN_MS; Date.now() < deadline; await sleep(50)) {
    const { rowCount } = await admin.query('select from pg_stat_activity where datname = $1', [
      name,
    ]);
    if (rowCount === 0) return;
  }
}

async function asAdmin<T>(url: string, work: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  return work(admin).finally(() => admin.end());
}
