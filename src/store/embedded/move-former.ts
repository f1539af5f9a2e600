import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { PGlite } from '@electric-sql/pglite';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { migrateTo } from '../migrate.ts';
import type { Schema } from '../schema.ts';
import type { EmbeddedPaths } from './paths.ts';

/** Rows that go over at a time. */
const BATCH = 500;

/** Kysely's own, which its migrator fills. */
const OWN_TABLES = ['kysely_migration', 'kysely_migration_lock'];

/** Whether the folder holds what the embedded database was until it became a server: PostgreSQL in WebAssembly (PGlite). */
export function hasFormer(paths: EmbeddedPaths): boolean {
  return existsSync(join(paths.former, 'PG_VERSION'));
}

/** What an interrupted move left: with the cluster in place the former one is removed, else it is moved anew. */
export async function tidyFormer(paths: EmbeddedPaths): Promise<void> {
  if (!existsSync(paths.moved)) return;
  if (existsSync(paths.cluster)) await rm(paths.moved, { recursive: true, force: true });
  else await rename(paths.moved, paths.former);
}

/**
 * Copies every row of the former database to the empty cluster. The queue's jobs are left behind: the sweeps give them anew, as
 * after a Redis that was emptied. @throws ConfigurationError; Error when a table has other rows afterwards than before.
 */
export async function copyFormer(paths: EmbeddedPaths): Promise<void> {
  // Loaded here alone, once in the life of a data folder.
  const { PGlite } = await import('@electric-sql/pglite');
  const former = await PGlite.create({ dataDir: paths.former });
  const client = new pg.Client({ connectionString: paths.url });
  try {
    const applied = await migrationsOf(former);
    if (applied.length === 0) return;
    await migrateCluster(paths, applied);
    await client.connect();
    // No trigger and no foreign key has a say: the rows were in order where they were.
    await client.query('set session_replication_role = replica');
    await copyTables(former, client);
    await copySequences(former, client);
  } finally {
    await client.end();
    await former.close();
  }
}

async function migrateCluster({ url }: EmbeddedPaths, applied: readonly string[]): Promise<void> {
  const pool = new pg.Pool({ connectionString: url });
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  await migrateTo(db, applied).finally(() => db.destroy());
}

async function migrationsOf(former: PGlite): Promise<string[]> {
  const { rows } = await former.query<{ there: boolean }>(
    `select to_regclass('public.kysely_migration') is not null as there`,
  );
  if (!rows[0]?.there) return [];
  const { rows: applied } = await former.query<{ name: string }>(
    'select name from public.kysely_migration order by name',
  );
  return applied.map(({ name }) => name);
}

/** A table and its columns, but for those that PostgreSQL computes. */
interface Table {
  name: string;
  columns: string;
}

async function tablesOf(former: PGlite): Promise<Table[]> {
  const { rows } = await former.query<Table>(
    `select c.relname as name, string_agg(quote_ident(a.attname), ', ' order by a.attnum) as columns
     from pg_class c join pg_attribute a on a.attrelid = c.oid
     where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname <> all ($1)
       and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
     group by c.relname order by c.relname`,
    [OWN_TABLES],
  );
  return rows;
}

async function copyTables(former: PGlite, client: pg.Client): Promise<void> {
  const tables = await tablesOf(former);
  // A migration may have put rows there.
  await client.query(`truncate ${tables.map(nameOf).join(', ')}`);
  const copied = new Map<Table, number>();
  for (const table of tables) copied.set(table, await copyTable(former, client, table));
  for (const [table, count] of copied) {
    const { rows } = await client.query(`select count(*)::int as there from ${nameOf(table)}`);
    if (rows[0].there !== count) {
      throw new Error(`${table.name} has ${rows[0].there} rows after ${count} were moved`);
    }
  }
}

function nameOf(table: Table): string {
  return `public.${pg.escapeIdentifier(table.name)}`;
}

/** Returns how many rows it has. */
async function copyTable(former: PGlite, client: pg.Client, table: Table): Promise<number> {
  const name = nameOf(table);
  const insert = `
    insert into ${name} (${table.columns}) overriding system value
    select ${table.columns} from jsonb_populate_recordset(null::${name}, $1::jsonb)`;
  let copied = 0;
  await former.transaction(async (tx) => {
    await tx.exec(
      `declare moved cursor for select to_jsonb(r)::text as row from (select ${table.columns} from ${name}) r`,
    );
    for (;;) {
      const { rows } = await tx.query<{ row: string }>(`fetch ${BATCH} from moved`);
      if (rows.length === 0) break;
      await client.query(insert, [`[${rows.map(({ row }) => row).join(',')}]`]);
      copied += rows.length;
    }
  });
  return copied;
}

async function copySequences(former: PGlite, client: pg.Client): Promise<void> {
  const { rows } = await former.query<{ name: string; last: string }>(
    `select quote_ident(sequencename) as name, last_value::text as last from pg_sequences
     where schemaname = 'public' and last_value is not null`,
  );
  for (const { name, last } of rows) {
    await client.query('select setval($1::regclass, $2::bigint)', [`public.${name}`, last]);
  }
}
