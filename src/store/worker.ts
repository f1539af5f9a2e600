import { sql } from 'kysely';
import type { Db } from './database.ts';

/** What a process says of itself. Ages are in milliseconds; null: it has not happened yet. */
export interface SignOfLife {
  name: string;
  role: WorkerRole;
  clockOffsetMs: number;
  /** Names of the master keys that it has. */
  masterKeys: readonly string[];
  /** The edition of the rules of time zones that it goes by. */
  zoneRules: string;
  /** Since the end of its last look through the records in which every step succeeded. */
  sweptAgeMs: number | null;
  /** Since a notification that it sent to itself came back. */
  heardAgeMs: number | null;
}

/** An instance has pages and workers, a worker process workers alone. */
export type WorkerRole = 'instance' | 'worker';

/** Says that a process is alive, and what it has done lately. */
export async function beat(db: Db, sign: SignOfLife): Promise<void> {
  const ago = (ms: number | null) =>
    ms === null
      ? sql`null::timestamptz`
      : sql`clock_timestamp() - ${ms} * interval '1 millisecond'`;
  await sql`
    insert into worker (name, role, seen_at, clock_offset_ms, master_keys, zone_rules, swept_at, heard_at)
    values (${sign.name}, ${sign.role}, clock_timestamp(), ${sign.clockOffsetMs}, ${sign.masterKeys.join(' ')},
      ${sign.zoneRules}, ${ago(sign.sweptAgeMs)}, ${ago(sign.heardAgeMs)})
    on conflict (name) do update set seen_at = excluded.seen_at, role = excluded.role,
      clock_offset_ms = excluded.clock_offset_ms, master_keys = excluded.master_keys,
      zone_rules = excluded.zone_rules, swept_at = excluded.swept_at, heard_at = excluded.heard_at`.execute(
    db,
  );
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

/** A process that has shown a sign of life in the last minute. Ages are in seconds; null: it has not happened yet. */
export interface WorkerRecord {
  name: string;
  role: WorkerRole;
  startedSeconds: number;
  seenSeconds: number;
  sweptSeconds: number | null;
  heardSeconds: number | null;
  clockOffsetMs: number;
}

export async function listProcesses(db: Db): Promise<WorkerRecord[]> {
  const age = (column: string) =>
    sql`extract(epoch from clock_timestamp() - ${sql.ref(column)})::float8`;
  const { rows } = await sql<WorkerRecord>`
    select name, role, ${age('started_at')} as "startedSeconds", ${age('seen_at')} as "seenSeconds",
      ${age('swept_at')} as "sweptSeconds", ${age('heard_at')} as "heardSeconds",
      clock_offset_ms as "clockOffsetMs"
    from worker where seen_at > clock_timestamp() - interval '1 minute' order by name`.execute(db);
  return rows;
}
