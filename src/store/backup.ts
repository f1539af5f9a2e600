import { type RawBuilder, sql } from 'kysely';
import { ConflictError } from '../domain/errors.ts';
import type { Db } from './connection/database.ts';

/** Tables that belong to one another, those that others refer to first. Kysely's own two are not among them. */
async function listTables(db: Db): Promise<string[]> {
  const { rows } = await sql<{ name: string; refers: string[] }>`
    select c.relname as name, coalesce(array_agg(distinct f.relname::text)
      filter (where f.relname is not null and f.oid <> c.oid), '{}') as refers
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
      left join pg_constraint k on k.conrelid = c.oid and k.contype = 'f'
      left join pg_class f on f.oid = k.confrelid
    where n.nspname = current_schema() and c.relkind = 'r' and not starts_with(c.relname, 'kysely_')
    group by c.oid, c.relname order by c.relname`.execute(db);
  const ordered: string[] = [];
  while (ordered.length < rows.length) {
    const next = rows.filter(
      ({ name, refers }) =>
        !ordered.includes(name) && refers.every((other) => ordered.includes(other)),
    );
    if (next.length === 0) throw new Error('Tables refer to one another in a circle');
    ordered.push(...next.map(({ name }) => name));
  }
  return ordered;
}

/** The last migration that this database has. */
export async function readSchemaVersion(db: Db): Promise<string> {
  const { rows } = await sql<{ name: string }>`
    select name from kysely_migration order by name desc limit 1`.execute(db);
  return rows[0]?.name ?? '';
}

/** Rows in one piece. */
const PAGE = 500;

/**
 * Every row of every table, as of one instant, as JSON texts in pieces of a few hundred; tables that others refer to come first.
 * Ends its transaction when it has been read to the end.
 */
export async function readTables(
  db: Db,
  each: (table: string, rows: readonly string[]) => Promise<void>,
): Promise<void> {
  await db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (snapshot) => {
      for (const table of await listTables(snapshot)) {
        await sql`declare backup no scroll cursor for
          select row_to_json(t)::text as row from ${sql.table(table)} t`.execute(snapshot);
        for (;;) {
          const { rows } = await sql<{ row: string }>`
            fetch forward ${sql.lit(PAGE)} from backup`.execute(snapshot);
          if (rows.length === 0) break;
          await each(
            table,
            rows.map(({ row }) => row),
          );
        }
        await sql`close backup`.execute(snapshot);
      }
    });
}

/** Tables in which every new database has rows; those of a backup take their place. */
const SEEDED = ['instance_epoch', 'master_key'];

/** A table that holds what no new database has; null where there is none. */
export async function findFilled(db: Db): Promise<string | null> {
  for (const table of await listTables(db)) {
    if (SEEDED.includes(table)) continue;
    const { rows } = await sql`select 1 from ${sql.table(table)} limit 1`.execute(db);
    if (rows.length > 0) return table;
  }
  return null;
}

/** @throws ConflictError `not_empty` when there is anything in the database that a backup would overwrite. */
export async function refuseFilled(db: Db): Promise<void> {
  const table = await findFilled(db);
  if (table === null) return;
  throw new ConflictError(
    'not_empty',
    `The database is not empty (${table}); restore into a new one: DATABASE_URL of an empty database, or an empty DATA_DIR beside your secrets.json`,
  );
}

/** Empties what every new database has, before rows of a backup are written. In their transaction. */
export async function clearSeeds(db: Db): Promise<void> {
  for (const table of SEEDED) await sql`delete from ${sql.table(table)}`.execute(db);
}

/** Writes rows of a backup into their table. @throws what PostgreSQL says of rows that do not fit. */
export async function writeRows(db: Db, table: string, rows: readonly string[]): Promise<void> {
  const { rows: columns } = await sql<{ name: string }>`
    select attname as name from pg_attribute
    where attrelid = ${table}::regclass and attnum > 0 and not attisdropped and attgenerated = ''
    order by attnum`.execute(db);
  const names: RawBuilder<unknown> = sql.join(columns.map(({ name }) => sql.ref(name)));
  await sql`
    insert into ${sql.table(table)} (${names}) overriding system value
    select ${names} from json_populate_recordset(null::${sql.table(table)}, ${`[${rows.join(',')}]`}::json)`.execute(
    db,
  );
}

/** Has the numbers that the database gives to new rows go on behind those of the rows that are there. */
export async function advanceSequences(db: Db): Promise<void> {
  const { rows } = await sql<{ table: string; column: string }>`
    select c.relname as table, a.attname as column
    from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = current_schema() and a.attidentity <> ''`.execute(db);
  for (const { table, column } of rows) {
    await sql`
      select setval(pg_get_serial_sequence(${table}, ${column}), max(${sql.ref(column)}))
      from ${sql.table(table)} having max(${sql.ref(column)}) is not null`.execute(db);
  }
}

/** Checks that a name read from a file is that of a table here. */
export async function isTable(db: Db, name: string): Promise<boolean> {
  return (await listTables(db)).includes(name);
}
