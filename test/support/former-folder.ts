import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import { embeddedPaths } from '../../src/store/embedded/paths.ts';
import { repository } from './child.ts';

/** Kysely's own tables, as it makes them. */
const KYSELY_TABLES = `
  create table kysely_migration (name varchar(255) primary key, timestamp varchar(255) not null);
  create table kysely_migration_lock (id varchar(255) primary key, is_locked integer default 0 not null)`;

/** Makes what an embedded database was before it was a server, with the schema and all rows of the PostgreSQL at `url`. */
export async function makeFormer(dataDir: string, url: string): Promise<void> {
  const former = await PGlite.create({ dataDir: embeddedPaths(dataDir).former });
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await former.exec(KYSELY_TABLES);
    const applied = await client.query<{ name: string }>(
      'select name from kysely_migration order by name',
    );
    for (const { name } of applied.rows) {
      const path = join(repository, `src/store/migrations/${name}.sql`);
      await former.exec(await readFile(path, 'utf8'));
    }
    await former.exec('set session_replication_role = replica');
    for (const [name, rows] of Object.entries(await rowsAt(url))) {
      await former.exec(`delete from ${name}`);
      await former.query(
        `insert into ${name} (${columnsOf(rows)}) overriding system value
         select ${columnsOf(rows)} from jsonb_populate_recordset(null::${name}, $1::jsonb)`,
        [`[${rows.map(({ text }) => text).join(',')}]`],
      );
    }
    const counted = await client.query<{ name: string; last: string }>(
      'select sequencename as name, last_value as last from pg_sequences where last_value is not null',
    );
    for (const { name, last } of counted.rows) {
      await former.query('select setval($1::regclass, $2::bigint)', [name, last]);
    }
  } finally {
    await client.end();
    await former.close();
  }
}

/** A row as PostgreSQL writes it as JSON, and the columns that were asked for. */
export interface RowText {
  text: string;
  columns: string;
}

function columnsOf([first]: readonly RowText[]): string {
  if (!first) throw new Error('A table without rows has nothing to copy');
  return first.columns;
}

/** Every row of every table that has one, in an order of its own. */
export async function rowsAt(url: string): Promise<Record<string, RowText[]>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const tables = await client.query<{ name: string; columns: string }>(
      `select c.relname as name, string_agg(quote_ident(a.attname), ', ' order by a.attnum) as columns
       from pg_class c join pg_attribute a on a.attrelid = c.oid
       where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
         and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
       group by c.relname order by c.relname`,
    );
    const all: Record<string, RowText[]> = {};
    for (const { name, columns } of tables.rows) {
      const { rows } = await client.query<{ text: string }>(
        `select to_jsonb(r)::text as text from (select ${columns} from ${name}) r order by 1`,
      );
      if (rows.length > 0) all[name] = rows.map(({ text }) => ({ text, columns }));
    }
    return all;
  } finally {
    await client.end();
  }
}
