import { sql } from 'kysely';
import type { Db } from './database.ts';

/** Whether there is a table of this name now. What `to_regclass` says may be old: it does not hear of a drop that was waited for. */
export async function hasTable(db: Db, name: string): Promise<boolean> {
  const { rows } = await sql`
    select 1 from pg_tables where tablename = ${name} and schemaname = any(current_schemas(false))`.execute(
    db,
  );
  return rows.length > 0;
}
