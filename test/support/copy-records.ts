import { sql } from 'kysely';
import type { Db } from '../../src/store/connection/database.ts';

/** Every row of every table of ours, as a dump of the database would hold it. */
export type Dump = ReadonlyMap<string, string>;

export async function takeDump(db: Db): Promise<Dump> {
  const tables = await sql<{ name: string }>`
    select table_name as name from information_schema.tables
    where table_schema = 'public' and table_type = 'BASE TABLE' and table_name not like 'kysely%'`.execute(
    db,
  );
  const dump = new Map<string, string>();
  for (const { name } of tables.rows) {
    const { rows } = await sql<{ all: string }>`
      select coalesce(jsonb_agg(to_jsonb(t)), '[]')::text as all from ${sql.table(name)} t`.execute(
      db,
    );
    dump.set(name, rows[0]?.all ?? '[]');
  }
  return dump;
}

/** Puts a dump into a database that is migrated and empty, or whose rows are to go. */
export async function restoreDump(db: Db, dump: Dump): Promise<void> {
  await db.transaction().execute(async (tx) => {
    // Neither foreign keys nor what keeps the ledger from being changed.
    await sql`set local session_replication_role = replica`.execute(tx);
    for (const [name, rows] of dump) {
      await sql`delete from ${sql.table(name)}`.execute(tx);
      const columns = sql.join((await storedColumns(tx, name)).map((column) => sql.ref(column)));
      await sql`
        insert into ${sql.table(name)} (${columns}) overriding system value
        select ${columns} from jsonb_populate_recordset(null::${sql.table(name)}, ${rows}::jsonb)`.execute(
        tx,
      );
    }
  });
}

/** Without those that the database reckons from others. */
async function storedColumns(db: Db, table: string): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select column_name as name from information_schema.columns
    where table_schema = 'public' and table_name = ${table} and is_generated = 'NEVER'`.execute(db);
  return rows.map(({ name }) => name);
}
