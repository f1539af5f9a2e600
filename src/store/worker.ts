import { sql } from 'kysely';
import type { Db } from './connection/database.ts';
import { HELD_SINCE } from './stop/restored.ts';

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
  /** How far the networks' clocks are ahead of the database's, by those that the configuration names; null: none has answered. */
  networkOffsetMs: number | null;
  /** The same, by servers that supporters name. */
  namedOffsetMs: number | null;
  /** Whether the first is an alarm. */
  networkOff: boolean;
}

/** An instance has pages and workers, a worker process workers alone. */
export type WorkerRole = 'instance' | 'worker';

/** Says that a process is alive, and what it has done lately. */
export async function recordHeartbeat(db: Db, sign: SignOfLife): Promise<void> {
  const ago = (ms: number | null) =>
    ms === null
      ? sql`null::timestamptz`
      : sql`clock_timestamp() - ${ms} * interval '1 millisecond'`;
  await sql`
    insert into worker (name, role, seen_at, clock_offset_ms, master_keys, zone_rules, swept_at, heard_at,
      network_offset_ms, named_offset_ms, network_off)
    values (${sign.name}, ${sign.role}, clock_timestamp(), ${sign.clockOffsetMs}, ${sign.masterKeys.join(' ')},
      ${sign.zoneRules}, ${ago(sign.sweptAgeMs)}, ${ago(sign.heardAgeMs)},
      ${sign.networkOffsetMs}, ${sign.namedOffsetMs}, ${sign.networkOff})
    on conflict (name) do update set seen_at = excluded.seen_at, role = excluded.role,
      clock_offset_ms = excluded.clock_offset_ms, master_keys = excluded.master_keys,
      zone_rules = excluded.zone_rules, swept_at = excluded.swept_at, heard_at = excluded.heard_at,
      network_offset_ms = excluded.network_offset_ms, named_offset_ms = excluded.named_offset_ms,
      network_off = excluded.network_off`.execute(db);
}

/** Forgets a worker that ended in peace. */
export async function forgetWorker(db: Db, name: string): Promise<void> {
  await db.deleteFrom('worker').where('name', '=', name).execute();
}

/** A worker as it was last heard of. */
export interface SeenWorker {
  name: string;
  seenSecondsAgo: number;
  clockOffsetMs: number;
  zoneRules: string;
  /** See SignOfLife. */
  networkOffsetMs: number | null;
  namedOffsetMs: number | null;
  networkOff: boolean;
}

/** Workers seen in the last minute. */
export async function listWorkers(db: Db): Promise<SeenWorker[]> {
  const result = await sql<SeenWorker>`
    select name, extract(epoch from clock_timestamp() - seen_at)::float8 as "seenSecondsAgo",
      clock_offset_ms as "clockOffsetMs", zone_rules as "zoneRules", network_offset_ms as "networkOffsetMs",
      named_offset_ms as "namedOffsetMs", network_off as "networkOff"
    from worker where seen_at > clock_timestamp() - interval '1 minute' order by name`.execute(db);
  return result.rows;
}

/**
 * A process that has shown a sign of life in the last minute. Ages are in seconds, those of what it said at its last sign as they
 * were then; null: it had not happened yet.
 */
export interface WorkerRecord {
  name: string;
  role: WorkerRole;
  startedSeconds: number;
  seenSeconds: number;
  sweptSeconds: number | null;
  heardSeconds: number | null;
  clockOffsetMs: number;
  zoneRules: string;
  /** See SignOfLife, as the next two. */
  networkOffsetMs: number | null;
  namedOffsetMs: number | null;
  networkOff: boolean;
}

/**
 * Without those that have shown no sign since sending was held for a restore: their rows came out of the backup, and say nothing of
 * what runs now. A process that runs shows the next one within seconds.
 */
export async function listProcesses(db: Db): Promise<WorkerRecord[]> {
  const agedBy = (column: string) => sql`extract(epoch from seen_at - ${sql.ref(column)})::float8`;
  const { rows } = await sql<WorkerRecord>`
    select name, role, ${agedBy('started_at')} as "startedSeconds", extract(epoch from clock_timestamp() - seen_at)::float8 as "seenSeconds",
      ${agedBy('swept_at')} as "sweptSeconds", ${agedBy('heard_at')} as "heardSeconds",
      clock_offset_ms as "clockOffsetMs", zone_rules as "zoneRules", network_offset_ms as "networkOffsetMs",
      named_offset_ms as "namedOffsetMs", network_off as "networkOff"
    from worker where seen_at > clock_timestamp() - interval '1 minute'
      and seen_at >= coalesce(${HELD_SINCE}, '-infinity') order by name`.execute(db);
  return rows;
}
