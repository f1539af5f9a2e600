import { sql } from 'kysely';
import type { Db } from './database.ts';

/** Says that a worker process is alive, how far its clock is from the database's, and which master keys it has. */
export async function beat(
  db: Db,
  name: string,
  clockOffsetMs: number,
  masterKeys: readonly string[],
): Promise<void> {
  await sql`
    insert into worker (name, seen_at, clock_offset_ms, master_keys)
    values (${name}, clock_timestamp(), ${clockOffsetMs}, ${masterKeys.join(' ')})
    on conflict (name) do update set seen_at = excluded.seen_at, clock_offset_ms = excluded.clock_offset_ms,
      master_keys = excluded.master_keys`.execute(db);
}

/** Forgets a worker that ended in peace. */
export async function forgetWorker(db: Db, name: string): Promise<void> {
  await db.deleteFrom('worker').where('name', '=', name).execute();
}

/** Workers seen in the last minute. */
export async function listWorkers(
  db: Db,
): Promise<{ name: string; seen_seconds_ago: number; clock_offset_ms: number }[]> {
  const result = await sql<{ name: string; seen_seconds_ago: number; clock_offset_ms: number }>`
    select name, extract(epoch from clock_timestamp() - seen_at)::float8 as seen_seconds_ago, clock_offset_ms
    from worker where seen_at > clock_timestamp() - interval '1 minute' order by name`.execute(db);
  return result.rows;
}
