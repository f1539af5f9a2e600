import { sql } from 'kysely';
import type { Db } from '../../src/store/connection/database.ts';

/** Everything in every table of every schema that is not PostgreSQL's own: a line for each row, after its table's name. */
export async function dumpOf(db: Db): Promise<string> {
  const tables = await sql<{ schema: string; name: string }>`
    select table_schema as schema, table_name as name from information_schema.tables
    where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`.execute(
    db,
  );
  const parts: string[] = [];
  for (const { schema, name } of tables.rows) {
    const rows = await sql<{ row: string }>`
      select to_jsonb(t)::text as row from ${sql.table(`${schema}.${name}`)} t`.execute(db);
    parts.push(name, ...rows.rows.map(({ row }) => row));
  }
  return parts.join('\n');
}

/** Every form in which a secret's bytes could lie somewhere. */
export function formsOf(value: string): string[] {
  const bytes = Buffer.from(value);
  return [
    value,
    bytes.toString('hex'),
    bytes.toString('base64'),
    bytes.toString('base64url'),
    encodeURIComponent(value),
  ];
}
