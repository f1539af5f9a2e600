import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { trackConnections } from '../../src/store/connection/track-connections.ts';

/** One connection to the database at `url`, of any schema. */
export interface PlainRecords<S> {
  db: Kysely<S>;
  /** Resolves when the connection is closed: dropping the database before would end it with an error that nothing waits for. */
  close(): Promise<void>;
}

/** Connects to a database without bringing its schema up to date. */
export function openPlain<S>(url: string): PlainRecords<S> {
  const pool = new pg.Pool({ connectionString: url, max: 1 });
  const untilClosed = trackConnections(pool);
  const db = new Kysely<S>({ dialect: new PostgresDialect({ pool }) });
  return { db, close: () => db.destroy().then(untilClosed) };
}
