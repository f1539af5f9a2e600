import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { ConfigurationError } from '../../src/domain/errors.ts';
import { openQueues } from '../../src/queue/queues.ts';
import {
  type ConnectionUse,
  connect,
  type Database,
  migrateAt,
  notify,
} from '../../src/store/connection/database.ts';
import { atEnd } from '../support/at-end.ts';
import { needs, testDatabase } from '../support/database.ts';
import { startPooler } from '../support/pooler.ts';
import { startStage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';

const WITH_REDIS: ConnectionUse = { kind: 'process', queueConnections: 0 };
const WITHOUT: ConnectionUse = { kind: 'process', queueConnections: 4 };

async function opened(url: string, use: ConnectionUse): Promise<Database> {
  const database = await connect(url, () => undefined, use);
  atEnd(() => database.dispose());
  return database;
}

/** The one line with which a start ends. */
async function refusal(url: string, use: ConnectionUse): Promise<string> {
  const error = await connect(url, () => undefined, use).then(
    (database) => database.dispose().then(() => null),
    (reason: Error) => reason,
  );
  expect(error).toBeInstanceOf(ConfigurationError);
  const { message } = error as Error;
  expect(message.split('\n')).toHaveLength(1);
  expect(message).toMatch(/^DATABASE_URL: /);
  return message;
}

needs(
  'postgres',
  'redis',
  'pgbouncer',
)('E2 PgBouncer in transaction mode', () => {
  it('E2 keeps notifications from us, so we look instead, and learn of each in time', async () => {
    const { url } = await testDatabase(migrateAt);
    const pooled = await startPooler(url, 'transaction');
    const here = await opened(pooled, WITH_REDIS);
    const there = await opened(pooled, WITH_REDIS);
    let told = 0;
    const stop = here.listen('hold', (payload) => {
      expect(payload).toBeNull();
      told += 1;
    });
    for (let i = 0; i < 20; i++) {
      const before = told;
      await notify(there.db, 'hold', '');
      await waitFor(() => told > before, { timeoutMs: 5_000, what: 'being told to look' });
    }
    stop();
    // What happens to be said on the connection that listens is not taken for a conversation.
    await here.db.transaction().execute(async (db) => {
      await sql`select pg_advisory_xact_lock(1)`.execute(db);
      await sql`select set_config('enable_hashjoin', 'off', true)`.execute(db);
    });
  });

  it('E2 is refused in one line where the queue would need a session', async () => {
    const { url } = await testDatabase(migrateAt);
    const message = await refusal(await startPooler(url, 'transaction'), WITHOUT);
    for (const word of ['pool_mode = transaction', 'session', 'REDIS_URL']) {
      expect(message).toContain(word);
    }
    expect(await refusal(await startPooler(url, 'statement'), WITH_REDIS)).toMatch(
      /statement mode.*pool_mode = session/,
    );
  });

  it('R2 is refused in one line where the user has a setting that breaks a promise', async () => {
    const { url } = await testDatabase(migrateAt);
    const { db } = await opened(url, WITHOUT);
    const database = new URL(url).pathname.slice(1);
    await sql.raw(`alter database ${database} set synchronous_commit = off`).execute(db);
    // A connection that it had before would not have the setting.
    const pooled = await startPooler(url, 'transaction');
    expect(await refusal(pooled, WITH_REDIS)).toMatch(/synchronous_commit is off for this user/);
  });

  it('E2 lets a pause reach a desk, and a whole instance work', async () => {
    const { url } = await testDatabase(migrateAt);
    const stage = await startStage({
      queue: 'redis',
      environment: { DATABASE_URL: await startPooler(url, 'transaction') },
    });
    const { ctx } = stage.instance;
    let looks = 0;
    ctx.listen('delivery', () => {
      looks += 1;
    });
    const campaign = await stage.open();
    await stage.bringForward(campaign);
    const settled = async () =>
      (await ctx.db.selectFrom('campaign').select('state').executeTakeFirst())?.state === 'settled';
    await waitFor(settled, { timeoutMs: 60_000, what: 'the campaign to settle' });
    expect(looks).toBeGreaterThan(0);
    // Looking twice a second is what stands in for notifications, so that nothing is wrong.
    const heardAt = async () =>
      (await ctx.db.selectFrom('worker').select('heard_at').executeTakeFirst())?.heard_at ?? null;
    await waitFor(heardAt, { what: 'a sign of life that says so' });
  });
});

needs('postgres', 'pgbouncer')('E2 PgBouncer in session mode', () => {
  it('E2 lets every notification through, and the queue in PostgreSQL works', async () => {
    const { url } = await testDatabase(migrateAt);
    const pooled = await startPooler(url, 'session');
    const here = await opened(pooled, WITHOUT);
    const heard: (string | null)[] = [];
    here.listen('delivery', (payload) => heard.push(payload));
    const said = Array.from({ length: 20 }, (_, i) => String(i));
    for (const one of said) await notify(here.db, 'delivery', one);
    await waitFor(() => heard.length >= said.length, { what: '20 notifications' });
    expect(heard).toEqual(said);

    const home = {
      kind: 'postgres',
      url: pooled,
      session: here.session,
      max: 4,
      ear: here.ear,
    } as const;
    const queues = await openQueues(home, ['x'], () => undefined);
    atEnd(() => queues.dispose());
    const campaignId = randomUUID();
    let ran = false;
    const worker = queues.work('campaign', 1, async (_name, payload) => {
      ran ||= (payload as { campaignId: string }).campaignId === campaignId;
    });
    await queues.enqueue('lock', { campaignId });
    await waitFor(() => ran, { what: 'the job' });
    await worker.close();
  });

  it('E2 says that the pooler has too few connections for us', async () => {
    const { url } = await testDatabase(migrateAt);
    const message = await refusal(await startPooler(url, 'session', 5), WITHOUT);
    expect(message).toMatch(/needs 17 connections.*gave it \d.*default_pool_size.*REDIS_URL/);
  });
});

needs('postgres')('E10 the room in PostgreSQL', () => {
  async function asRole(limit: number): Promise<string> {
    const { url } = await testDatabase(migrateAt);
    const admin = await opened(url, { kind: 'command', queueConnections: 0 });
    const name = `role_${randomUUID().slice(0, 8)}`;
    const database = new URL(url).pathname.slice(1);
    await sql
      .raw(`create role ${name} login password 'word' connection limit ${limit}`)
      .execute(admin.db);
    await sql.raw(`alter database ${database} owner to ${name}`).execute(admin.db);
    await sql.raw(`grant all on all tables in schema public to ${name}`).execute(admin.db);
    await sql.raw(`grant all on schema public to ${name}`).execute(admin.db);
    atEnd(async () => {
      const again = await connect(url, () => undefined, {
        kind: 'command',
        queueConnections: 0,
      });
      await sql.raw(`alter database ${database} owner to postgres`).execute(again.db);
      await sql.raw(`drop owned by ${name} cascade`).execute(again.db);
      await sql.raw(`drop role ${name}`).execute(again.db);
      await again.dispose();
    });
    const own = new URL(url);
    own.username = name;
    own.password = 'word';
    return own.href;
  }

  it('E10 is enough for one process of a user who may have 20, and the second is refused in one line', async () => {
    const url = await asRole(20);
    await opened(url, WITHOUT);
    // The first has opened few of its connections so far; what it may open is counted all the same.
    const message = await refusal(url, WITHOUT);
    expect(message).toMatch(/needs 17 connections, and 3 are free.*REDIS_URL, with which 13/);
    const command = await opened(url, { kind: 'command', queueConnections: 1 });
    expect((await sql`select 1 as one`.execute(command.db)).rows).toEqual([{ one: 1 }]);
  });

  it('E10 is refused in one line where the user may have too few, or the server has none', async () => {
    const url = await asRole(10);
    expect(await refusal(url, WITHOUT)).toMatch(
      /needs 17 connections, and 10 are free \(connection limit of the user: 10, 0 in use\)/,
    );
    expect(await refusal(url, WITH_REDIS)).not.toContain('REDIS_URL');
    const full = await asRole(1);
    const { Client } = (await import('pg')).default;
    const client = new Client({ connectionString: full });
    await client.connect();
    const message = await refusal(full, WITHOUT);
    expect(message).toMatch(/no connection left for us.*needs 17.*REDIS_URL/);
    await client.end();
  });

  it('E10 is shared by all queues of a process', async () => {
    const { url } = await testDatabase(migrateAt);
    const stage = await startStage({ environment: { DATABASE_URL: url } });
    const { ctx } = stage.instance;
    // More than it can have open at a time, by all that it has.
    await Promise.all(Array.from({ length: 40 }, () => sql`select pg_sleep(0.2)`.execute(ctx.db)));
    await Promise.all(
      Array.from({ length: 40 }, () => ctx.queues.enqueue('settle', { campaignId: randomUUID() })),
    );
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from pg_stat_activity
      where datname = current_database()`.execute(ctx.db);
    expect(rows[0]?.count).toBeLessThanOrEqual(17);
    expect(rows[0]?.count).toBeGreaterThanOrEqual(13);
  });
});
