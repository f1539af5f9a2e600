import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { describe } from 'vitest';
import { atEnd } from './at-end.ts';
import { repository } from './child.ts';
import { adminLock, templatePrefix } from './services/postgres.ts';
import { openRedis } from './services/redis.ts';

/** What a run may have or lack; `npm test` finds them and says so in these variables. */
const variables = {
  postgres: 'TEST_DATABASE_URL',
  redis: 'TEST_REDIS_URL',
  chromium: 'CHROMIUM_PATH',
  python: 'PYTHON_PATH',
  pgbouncer: 'PGBOUNCER_PATH',
  faketime: 'FAKETIME_PATH',
} as const;

/** A service that some tests need. */
export type Service = keyof typeof variables;

/** Whether this run has a service. */
export function has(service: Service): boolean {
  return Boolean(process.env[variables[service]]);
}

/**
 * `describe` when this run has all of these services, `describe.skip` otherwise:
 * `needs('postgres')('the store of pledges', () => { ... })`. What is skipped is said on stderr with the reason, for who runs vitest
 * by itself, which starts no services.
 */
export function needs(...services: Service[]): typeof describe.skip {
  const lacking = services.filter((service) => !has(service));
  for (const service of lacking) {
    console.warn(
      `Skipped, since this run has no ${service}: set ${variables[service]}, or run the file with npm test, test:system or test:full, which find or start it.`,
    );
  }
  return describe.skipIf(lacking.length > 0);
}

/** Where the run's service is: a connection string, or for chromium and python the program's path. Throws when it has none. */
export function serviceAt(service: Service): string {
  const value = process.env[variables[service]];
  if (value) return value;
  throw new Error(`This run has no ${service}: wrap the tests in needs('${service}').`);
}

/** A database that nobody else uses. */
export interface TestDatabase {
  url: string;
  /** Drops it, whoever is still connected; it is also done at the end of the file. */
  drop(): Promise<void>;
}

/**
 * Creates a database for this test file, a copy of a template that `migrate` has filled. The template is made once for
 * every state of the migrations; `migrate` must have closed its connections when its promise settles.
 */
export async function testDatabase(migrate: (url: string) => Promise<void>): Promise<TestDatabase> {
  const server = serviceAt('postgres');
  const template = `${templatePrefix}${await fingerprint(migrate)}`;
  const name = `tocsin_test_${process.pid}_${randomBytes(4).toString('hex')}`;
  await asAdmin(server, async (admin) => {
    await admin.query('select pg_advisory_lock($1)', [adminLock]);
    if (!(await isReady(admin, template))) await makeTemplate(admin, server, template, migrate);
    // To copy files is quicker than to write the copy's log, which nothing needs here.
    await admin.query(`create database ${name} template ${template} strategy file_copy`);
    await admin.query('select pg_advisory_unlock($1)', [adminLock]);
  });
  const drop = () =>
    asAdmin(server, async (admin) => {
      await admin.query(`drop database if exists ${name} with (force)`);
    });
  atEnd(drop);
  return { url: withDatabase(server, name), drop };
}

/** Ends every connection to this database and lets nobody in, as if it were away. */
export async function takeAway(url: string): Promise<void> {
  await asAdmin(serviceAt('postgres'), async (admin) => {
    const name = nameOf(url);
    await admin.query(`alter database ${name} allow_connections false`);
    const others = 'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1';
    await admin.query(others, [name]);
  });
}

/** Undoes {@link takeAway}. */
export async function giveBack(url: string): Promise<void> {
  await asAdmin(serviceAt('postgres'), async (admin) => {
    await admin.query(`alter database ${nameOf(url)} allow_connections true`);
  });
}

function nameOf(url: string): string {
  return new URL(url).pathname.slice(1);
}

/** A Redis database of this test worker's own, emptied. */
export interface TestRedis {
  url: string;
  /** Its number on the run's server. */
  db: number;
  /** Empties it again. */
  flush(): Promise<void>;
}

/** The run's one Redis server; each of vitest's workers has a numbered database on it, empty when this returns. */
export async function testRedis(): Promise<TestRedis> {
  const db = Number(process.env.VITEST_POOL_ID ?? 1);
  const url = new URL(serviceAt('redis'));
  url.pathname = `/${db}`;
  const flush = async () => {
    const redis = await openRedis(url.href);
    await redis.flushdb().finally(() => redis.disconnect());
  };
  await flush();
  return { url: url.href, db, flush };
}

/** Names a state of the migrations, and the function that applies them. */
async function fingerprint(migrate: (url: string) => Promise<void>): Promise<string> {
  const folder = join(repository, 'src/store/migrations');
  const files = (await readdir(folder)).sort();
  const hash = createHash('sha256').update(String(migrate));
  for (const file of files) hash.update(file).update(await readFile(join(folder, file)));
  return hash.digest('hex').slice(0, 16);
}

/** Only a finished template is marked as one; half of one is what a killed run left. */
async function isReady(admin: pg.Client, template: string): Promise<boolean> {
  const found = await admin.query(
    'select 1 from pg_database where datname = $1 and datistemplate',
    [template],
  );
  return found.rowCount === 1;
}

async function makeTemplate(
  admin: pg.Client,
  server: string,
  template: string,
  migrate: (url: string) => Promise<void>,
): Promise<void> {
  await admin.query(`drop database if exists ${template} with (force)`);
  await admin.query(`create database ${template} template template0`);
  await migrate(withDatabase(server, template));
  await admin.query(`alter database ${template} with is_template true`);
}

/** This process's connection to the run's server, kept, since a new one costs the server as much as a small test; null while there is none. */
let kept: { url: string; admin: pg.Client } | null = null;
/** One at a time, as on a connection of its own. */
let turn: Promise<unknown> = Promise.resolve();

function asAdmin(url: string, work: (admin: pg.Client) => Promise<void>): Promise<void> {
  const mine = turn.then(async () => {
    const admin = await connectAdmin(url);
    try {
      await work(admin);
    } catch (error) {
      // It may hold a lock.
      kept = null;
      await admin.end();
      throw error;
    }
  });
  turn = mine.catch(() => undefined);
  return mine;
}

async function connectAdmin(url: string): Promise<pg.Client> {
  if (kept?.url === url) return kept.admin;
  const admin = new pg.Client({ connectionString: url });
  admin.on('error', () => {
    kept = null;
  });
  await admin.connect();
  // A run's last process ends with it.
  (admin as unknown as { connection: { stream: Socket } }).connection.stream.unref();
  kept = { url, admin };
  return admin;
}

function withDatabase(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}
