import { sql } from 'kysely';
import pg from 'pg';
import { expect, it } from 'vitest';
import { ConfigurationError } from '../../src/domain/errors.ts';
import { openPostgresQueues } from '../../src/queue/postgres.ts';
import { type ConnectionUse, connect, migrateAt } from '../../src/store/connection/database.ts';
import { requireSettings } from '../../src/store/session.ts';
import { atEnd } from '../support/at-end.ts';
import { needs, testDatabase } from '../support/database.ts';

/** What hosts and operators set for other programs, or to make tests quick, and what our sessions have all the same. */
const SETTINGS: readonly [name: string, theirs: string, ours: string][] = [
  ['synchronous_commit', 'off', 'on'],
  ['session_replication_role', 'replica', 'origin'],
  ['default_transaction_isolation', 'serializable', 'read committed'],
  ['statement_timeout', '300ms', '0'],
  ['lock_timeout', '300ms', '0'],
  ['idle_session_timeout', '300ms', '0'],
  ['datestyle', 'SQL, DMY', 'ISO, MDY'],
  ['intervalstyle', 'sql_standard', 'postgres'],
  ['extra_float_digits', '-3', '1'],
  // Whoever waits for standbys goes on doing so.
];

async function databaseWith(settings: readonly (readonly [string, string, ...string[]])[]) {
  const { url } = await testDatabase(migrateAt);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ name: string }>('select current_database() as name');
  for (const [name, value] of settings) {
    await client.query(`alter database ${rows[0]?.name} set ${name} = '${value}'`);
  }
  await client.end();
  return url;
}

async function opened(url: string) {
  const database = await connect(url, () => undefined);
  atEnd(() => database.dispose());
  return database;
}

const QUESTION = (name: string) => `select current_setting('${name}') as value`;

needs('postgres')('settings of a PostgreSQL that others set', () => {
  it('R2 are as our promises need them, in each session of ours', async () => {
    const url = await databaseWith(SETTINGS);
    const { db, ear, session } = await opened(url);
    const listener = await ear.client();
    for (const [name, , ours] of SETTINGS) {
      const { rows } = await sql.raw<{ value: string }>(QUESTION(name)).execute(db);
      expect(rows[0]?.value, name).toBe(ours);
      expect((await listener.query(QUESTION(name))).rows[0]?.value, `${name}, listening`).toBe(
        ours,
      );
    }
    const { rows } = await sql<{
      at: Date;
    }>`select timestamptz '2026-02-03T04:05:06.789Z' as at`.execute(db);
    expect(rows[0]?.at).toEqual(new Date('2026-02-03T04:05:06.789Z'));
    const queues = await openPostgresQueues({ url, session, max: 1, ear }, () => undefined);
    atEnd(() => queues.close());
  });

  it('E2 find our tables where the search_path of the user leads nowhere', async () => {
    const { db } = await opened(await databaseWith([['search_path', 'elsewhere']]));
    expect(await db.selectFrom('campaign').select('id').execute()).toEqual([]);
  });

  it.each(['local', 'remote_write', 'remote_apply'])(
    'R2 leave synchronous_commit as it is where it is %s',
    async (value) => {
      const { db } = await opened(await databaseWith([['synchronous_commit', value]]));
      const { rows } = await sql.raw<{ value: string }>(QUESTION('synchronous_commit')).execute(db);
      expect(rows[0]?.value).toBe(value);
    },
  );

  it('E2 are refused with one line where they are not ours to change', async () => {
    const pool = new pg.Pool({
      connectionString: await databaseWith([['synchronous_commit', 'off']]),
    });
    pool.on('error', () => undefined);
    atEnd(() => pool.end());
    const error = await requireSettings(pool).catch((reason) => reason);
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error.message).toMatch(
      /^DATABASE_URL: synchronous_commit is off for this user, .* alter role NAME set synchronous_commit = 'on', .*$/,
    );
    const usual = new pg.Pool({
      connectionString: await databaseWith([['statement_timeout', '2min']]),
    });
    usual.on('error', () => undefined);
    atEnd(() => usual.end());
    await requireSettings(usual);
  });
});

needs('postgres')('a PostgreSQL that is no good as it is', () => {
  const PROCESS: ConnectionUse = { kind: 'process', queueConnections: 0 };
  const refusal = async (url: string): Promise<string> => {
    const error = await connect(url, () => undefined, PROCESS).catch((reason) => reason);
    expect(error).toBeInstanceOf(ConfigurationError);
    return error.message;
  };

  it('E2 says with one line that the database has not the letters of all languages', async () => {
    const { url } = await testDatabase(migrateAt);
    const admin = new pg.Client({ connectionString: url });
    await admin.connect();
    const name = `tocsin_test_latin_${process.pid}`;
    await admin.query(
      `create database ${name} encoding 'LATIN1' lc_collate 'C' lc_ctype 'C' template template0`,
    );
    atEnd(async () => {
      await admin.query(`drop database ${name} with (force)`);
      await admin.end();
    });
    const other = new URL(url);
    other.pathname = `/${name}`;
    expect(await refusal(other.href)).toMatch(
      /^DATABASE_URL: the database is in LATIN1, .* --encoding=UTF8 NAME$/,
    );
  });
});
