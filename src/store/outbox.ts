import { sql } from 'kysely';
import type { Db } from './connection/database.ts';

/** A mail that was not sent, since this instance has no mail server. */
export interface OutboxEntry {
  reminderId: string;
  subject: string;
  at: Date;
}

export async function insertOutbox(
  db: Db,
  entry: Pick<OutboxEntry, 'reminderId' | 'subject'>,
): Promise<void> {
  // The reminder may have been erased meanwhile; then there is nothing to keep.
  await sql`insert into outbox (reminder_id, subject)
    select id, ${entry.subject} from reminder where id = ${entry.reminderId}`.execute(db);
}

/** The latest first; at most `limit`. */
export async function listOutbox(db: Db, limit: number): Promise<OutboxEntry[]> {
  return db
    .selectFrom('outbox')
    .select(['reminder_id as reminderId', 'subject', 'at'])
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

export async function countOutbox(db: Db): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from outbox`.execute(
    db,
  );
  return rows[0]?.count ?? 0;
}
