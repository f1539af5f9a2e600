import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { expect, it } from 'vitest';
import { atEnd } from '../support/at-end.ts';
import { needs, testDatabase, testRedis } from '../support/database.ts';
import { freePort } from '../support/free-port.ts';
import { startPooler } from '../support/pooler.ts';
import { type Child, startProcess } from '../support/process.ts';
import { startRedisCluster, startRedisServer, withRedisServer } from '../support/redis-servers.ts';
import { tempFolder } from '../support/temp.ts';
import { waitFor } from '../support/wait-for.ts';

const NETWORKS = {
  X_CLIENT_ID: 'app',
  X_CLIENT_SECRET: 'secret',
  NOSTR_RELAYS: 'wss://relay.example',
  BASE_URL: 'https://tocsin.example',
};

type Settings = Record<string, string>;

const instance = (env: Settings): Promise<Child> =>
  startProcess({ args: ['src/main.ts'], env: { LOG_LEVEL: 'warn', PORT: '0', ...env } });

const worker = (env: Settings): Promise<Child> =>
  startProcess({ args: ['workers/main.ts'], env: { LOG_LEVEL: 'warn', ...env } });

async function emptyDatabase(): Promise<string> {
  return (await testDatabase(async () => undefined)).url;
}

/** What a start that cannot be says: one line and nothing else. */
async function refusal(child: Child): Promise<string> {
  const { code } = await child.exit;
  const said = child.output().trim();
  expect(said.split('\n')).toEqual([said]);
  expect(code).toBe(78);
  return said;
}

needs('postgres')('E10 a PostgreSQL whose user may have 55 connections', () => {
  it('E10 serves an instance and two workers with four networks, and a command beside them', async () => {
    const url = await emptyDatabase();
    const name = `role_${randomUUID().slice(0, 8)}`;
    const admin = new pg.Client({ connectionString: url });
    await admin.connect();
    atEnd(() => admin.end());
    await admin.query(`create role ${name} login password 'word' connection limit 55`);
    await admin.query(`alter database ${new URL(url).pathname.slice(1)} owner to ${name}`);
    atEnd(async () => {
      await admin.query(`alter database ${new URL(url).pathname.slice(1)} owner to postgres`);
      await admin.query(`drop owned by ${name} cascade`);
      await admin.query(`drop role ${name}`);
    });
    const own = new URL(url);
    own.username = name;
    own.password = 'word';
    const env = { ...NETWORKS, DATABASE_URL: own.href, DATA_DIR: await tempFolder('data') };
    const web = await instance(env);
    await web.line(/^Tocsin is ready at/);
    const workers = [await worker(env), await worker(env)];
    for (const one of workers) await one.line(/^Tocsin worker .* is ready/);

    const command = await startProcess({
      args: ['src/cli/main.ts', 'keys', 'create', 'somebody', '--json'],
      env,
    });
    expect((await command.exit).code).toBe(0);

    const line = await refusal(await worker(env));
    expect(line).toMatch(/^DATABASE_URL: .*needs 17 connections, and \d+ are free.*REDIS_URL/);

    // However long they run.
    const used = async (): Promise<number> => {
      const { rows } = await admin.query('select 1 from pg_stat_activity where usename = $1', [
        name,
      ]);
      return rows.length;
    };
    let most = 0;
    for (let i = 0; i < 20; i++) {
      most = Math.max(most, await used());
      await sleep(100);
    }
    expect(most).toBeLessThanOrEqual(51);
    for (const child of [web, ...workers]) {
      expect(child.output()).not.toMatch(/too many|no connection left/);
      expect(await child.stop()).toEqual({ code: 0, signal: null });
    }
  }, 180_000);
});

withRedisServer('E1 a whole instance', () => {
  needs('postgres')('on a PostgreSQL', () => {
    it('E1 is ready on a Redis Cluster when a job has gone round each queue', async () => {
      const [node] = await startRedisCluster();
      const env = { DATABASE_URL: await emptyDatabase(), REDIS_URL: node?.url ?? '' };
      const child = await instance({ ...env, DATA_DIR: await tempFolder('data') });
      const [, url = ''] = await child.line(/^Tocsin is ready at (http:\S+)$/);
      const ready = async (): Promise<boolean> => (await fetch(`${url}/readyz`)).status === 200;
      await waitFor(ready, { timeoutMs: 60_000, what: 'readiness' });
      // As long as it takes to see whether something is tried over and over.
      await sleep(3_000);
      expect(await ready()).toBe(true);
      expect(child.output()).not.toContain('MOVED');
      expect(await child.stop()).toEqual({ code: 0, signal: null });
    }, 120_000);

    it('E1 starts while Redis is dead, and says so once', async () => {
      const env = {
        DATABASE_URL: await emptyDatabase(),
        REDIS_URL: `redis://127.0.0.1:${await freePort()}`,
      };
      const child = await instance({ ...env, DATA_DIR: await tempFolder('data') });
      await child.line(/^Tocsin is ready at/);
      await sleep(5_000);
      const told = child
        .output()
        .split('\n')
        .filter((line) => /ECONNREFUSED/.test(line));
      expect(told.length).toBeGreaterThan(0);
      expect(told.length).toBeLessThan(4);
      expect(child.output().split('\n').length).toBeLessThan(30);
      expect(await child.stop()).toEqual({ code: 0, signal: null });
    }, 120_000);

    it('E1 starts where the password is wrong, and says so', async () => {
      const { port } = await startRedisServer({
        settings: ['requirepass right'],
        client: { password: 'right' },
      });
      const env = {
        DATABASE_URL: await emptyDatabase(),
        REDIS_URL: `redis://:wrong@127.0.0.1:${port}`,
      };
      const child = await instance({ ...env, DATA_DIR: await tempFolder('data') });
      await child.line(/^Tocsin is ready at/);
      await child.line(/password/);
      expect(await child.stop()).toEqual({ code: 0, signal: null });
    }, 60_000);
  });
});

needs(
  'postgres',
  'redis',
  'pgbouncer',
)('E2 a whole instance behind PgBouncer', () => {
  it('E2 ends with one line where it needs a session, and starts where it does not', async () => {
    const DATABASE_URL = await startPooler(await emptyDatabase(), 'transaction');
    const env = { DATABASE_URL, DATA_DIR: await tempFolder('data') };
    expect(await refusal(await instance(env))).toMatch(/^DATABASE_URL: .*session.*REDIS_URL/);
    const child = await instance({ ...env, REDIS_URL: (await testRedis()).url });
    await child.line(/^Tocsin is ready at/);
    expect(await child.stop()).toEqual({ code: 0, signal: null });
  }, 120_000);
});
