import { type Kysely, sql } from 'kysely';
import type pg from 'pg';
import { ConfigurationError } from '../../domain/errors.ts';
import type { ReadOnly } from '../../domain/health/health.ts';
import type { Schema } from '../schema.ts';

interface Row {
  standby: boolean;
  read_only: boolean;
}

const QUESTION = `
  select pg_is_in_recovery() as standby, current_setting('transaction_read_only') = 'on' as read_only`;

/** Why the database takes no writes; null where it takes them. */
export async function readReadOnly(db: Kysely<Schema>): Promise<ReadOnly | null> {
  const { rows } = await sql.raw<Row>(QUESTION).execute(db);
  return whyReadOnly(rows[0]);
}

/** @throws ConfigurationError, one line with the mend, where the database takes no writes. */
export async function requireWritable(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<Row>(QUESTION);
  const why = whyReadOnly(rows[0]);
  if (why !== null) throw new ConfigurationError(`DATABASE_URL: ${explainReadOnly(why)}`);
}

function whyReadOnly(row: Row | undefined): ReadOnly | null {
  if (!row?.read_only) return null;
  return row.standby ? 'standby' : 'setting';
}

/** What is wrong, and the mend, in one line. */
export function explainReadOnly(why: ReadOnly): string {
  return why === 'standby'
    ? 'this server is a standby, which takes no writes; name the primary'
    : 'the database is read-only (default_transaction_read_only = on), and nothing could be written down; switch that off with alter system, alter database or alter role, whichever set it, then select pg_reload_conf()';
}
