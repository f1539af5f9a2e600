import { randomUUID } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import pg from 'pg';
import { expect, it } from 'vitest';
import { loadConfig } from '../../config/config.ts';
import { createContext } from '../../src/context.ts';
import { ConfigurationError } from '../../src/domain/errors.ts';
import { createLogger } from '../../src/log.ts';
import { connect, migrateAt } from '../../src/store/connection/database.ts';
import { latestMigration, migrate } from '../../src/store/migrate.ts';
import type { Schema } from '../../src/store/schema.ts';
import { atEnd } from '../support/at-end.ts';
import { needs, testDatabase } from '../support/database.ts';
import { migrateTo } from '../support/migrate-to.ts';
import { openPlain } from '../support/plain-records.ts';
import { insertCampaignRow, openRecords } from '../support/rows.ts';
import { tempFolder } from '../support/temp.ts';

const nobody = async (): Promise<void> => undefined;

/** Whatever a migration may have left in a database, as PostgreSQL itself writes it down. */
const SCHEMA = `
  select 'column' as kind, a.attrelid::regclass::text as of, a.attname as name,
    concat_ws(' ', row_number() over (partition by a.attrelid order by a.attnum), format_type(a.atttypid, a.atttypmod),
      a.attnotnull, a.attidentity, a.attgenerated, pg_get_expr(d.adbin, d.adrelid)) as definition
  from pg_attribute a join pg_class c on c.oid = a.attrelid
    left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v', 'm', 'S') and a.attnum > 0 and not a.attisdropped
  union all
  select 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid) from pg_constraint
  where connamespace = 'public'::regnamespace
  union all
  select 'index', tablename, indexname, indexdef from pg_indexes where schemaname = 'public'
  union all
  select 'trigger', tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) from pg_trigger where not tgisinternal
  union all
  select 'function', '', proname, pg_get_functiondef(oid) from pg_proc where pronamespace = 'public'::regnamespace
  union all
  select 'migration', '', name, '' from kysely_migration
  order by 1, 2, 3`;

async function schemaAt(url: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return (await client.query(SCHEMA).finally(() => client.end())).rows;
}

needs('postgres')('migrating', () => {
  it('an empty database in one step gives what one migration after the other gives', async () => {
    const latest = await latestMigration();
    const inOne = await testDatabase(migrateAt);
    const oneByOne = await testDatabase((url) => migrateTo(url, latest));
    const schema = await schemaAt(inOne.url);
    expect(schema).toEqual(await schemaAt(oneByOne.url));
    expect(schema).toContainEqual(expect.objectContaining({ kind: 'migration', name: latest }));
  });

  it('a database of an earlier version gives the same, too', async () => {
    const { url } = await testDatabase((empty) => migrateTo(empty, '0016_reach'));
    await migrateAt(url);
    const inOne = await testDatabase(migrateAt);
    expect(await schemaAt(url)).toEqual(await schemaAt(inOne.url));
  });

  it('twice is the same as once', async () => {
    const { db } = await openRecords();
    const applied = () =>
      sql`select name, timestamp from kysely_migration order by name`.execute(db);
    const before = await applied();
    const id = await insertCampaignRow(db);
    await migrate(db);
    expect((await applied()).rows).toEqual(before.rows);
    expect(before.rows.length).toBeGreaterThan(0);
    expect(await db.selectFrom('campaign').select('id').execute()).toEqual([{ id }]);
  });

  it('is done once when several processes start on an empty database', async () => {
    const { url } = await testDatabase(nobody);
    await Promise.all(Array.from({ length: 4 }, () => migrateAt(url)));
    const database = await connect(url, () => undefined);
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from kysely_migration where name = '0001_first'`.execute(
      database.db,
    );
    await database.dispose();
    expect(rows).toEqual([{ count: 1 }]);
  });

  it('refuses a database of a newer version, in one line, and leaves it as it is', async () => {
    const { db, url } = await openRecords();
    await sql`insert into kysely_migration values ('9999_later', 'now')`.execute(db);
    const refusal = await connect(url, () => undefined).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(ConfigurationError);
    expect((refusal as Error).message).toBe(
      'The database was written by a newer version of Tocsin (it has migration 9999_later); start that version, or restore a backup made before it',
    );
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from kysely_migration where name = '9999_later'`.execute(db);
    expect(rows).toEqual([{ count: 1 }]);
  });

  it('says so in one line when there is no database', async () => {
    const nowhere = 'postgres://nobody:secret@127.0.0.1:1/none';
    const refusal = await connect(nowhere, () => undefined).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(ConfigurationError);
    expect((refusal as Error).message).toMatch(/^DATABASE_URL: the database cannot be reached/);
    expect((refusal as Error).message).not.toMatch(/secret|\n/);
  });
});

/** Starts what an instance starts with, on a data folder of its own. */
async function startAt(url: string): Promise<void> {
  const config = loadConfig({
    DATA_DIR: await tempFolder('other'),
    DATABASE_URL: url,
    LOG_LEVEL: 'silent',
  });
  const ctx = await createContext(config, createLogger(config), new AbortController().signal, {
    besideInstance: true,
  });
  await ctx.dispose();
}

async function latestAt(url: string): Promise<string | undefined> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query('select max(name) as name from kysely_migration');
  await client.end();
  return rows[0]?.name;
}

/** Every column of every table, and every migration that was applied. */
async function schemaOf(db: Kysely<Schema>): Promise<unknown> {
  const columns = await sql`
    select table_schema, table_name, column_name, data_type from information_schema.columns
    where table_schema not in ('pg_catalog', 'information_schema') order by 1, 2, ordinal_position`.execute(
    db,
  );
  const applied = await sql`select name, timestamp from kysely_migration order by name`.execute(db);
  const keys = await sql`select * from campaign_key order by 1`.execute(db);
  return [columns.rows, applied.rows, keys.rows];
}

needs('postgres')('A4 records that were sealed with the secrets of another instance', () => {
  it.each([
    ['0011_host_events', `insert into campaign_key (campaign_id, master_key_id, wrapped) values`],
    [
      '0029_reminder_lang',
      `insert into master_key (id) values ('other');
      insert into campaign_key (campaign_id, master_key_id, purpose, wrapped) values`,
    ],
  ])('A4 are left as they are, of %s', async (last, insert) => {
    const { url } = await testDatabase(nobody);
    await migrateTo(url, last);
    const { db, close } = openPlain<Schema>(url);
    atEnd(close);
    // Of the campaign itself nothing is needed.
    await sql`set session_replication_role = replica`.execute(db);
    const row = last < '0012' ? `'other', 'key'` : `'other', 'grants', 'key'`;
    await sql.raw(`${insert} ('${randomUUID()}', ${row})`).execute(db);
    const before = await schemaOf(db);
    await expect(startAt(url)).rejects.toThrow(
      /^DATABASE_URL: the database is sealed under the master key other, and [^\n]*$/,
    );
    expect(await schemaOf(db)).toEqual(before);
  });

  it('A4 are no matter where nothing in them is sealed any more', async () => {
    const { url } = await testDatabase(nobody);
    await migrateTo(url, '0011_host_events');
    await startAt(url);
    expect(await latestAt(url)).toBe(await latestMigration());
  });
});
