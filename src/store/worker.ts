import { sql } from 'kysely';
import type { Db } from './database.ts';

/** How a worker process is doing. */
export interface WorkerBeat {
  name: string;
  /** How far its clock is from the database's. */
  clockOffsetMs: number;
  /** Ids of the master keys that it has. */
  masterKeys: readonly string[];
  /** The edition of the rules of time zones that it goes by. */
  zoneRules: string;
}

/** Says that a worker process is alive, and how it is doing. */
export async function beat(db: Db, worker: WorkerBeat): Promise<void> {
  const { name, clockOffsetMs, masterKeys, zoneRules } = worker;
  await sql`
    insert into worker (name, seen_at, clock_offset_ms, master_keys, zone_rules)
    values (${name}, clock_timestamp(), ${clockOffsetMs}, ${masterKeys.join(' ')}, ${zoneRules})
    on conflict (name) do update set seen_at = excluded.seen_at, clock_offset_ms = excluded.clock_offset_ms,
      master_keys = excluded.master_keys, zone_rules = excluded.zone_rules`.execute(db);
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
