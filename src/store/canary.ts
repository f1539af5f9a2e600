import { sql } from 'kysely';
import type { Db } from './connection/database.ts';

/** Notes that a process sends a canary round each of these queues. One that is still under way keeps its time. */
export async function askCanaries(
  db: Db,
  process: string,
  queues: readonly string[],
): Promise<void> {
  await sql`
    insert into canary (queue, asked_by, asked_at)
    select queue, ${process}, clock_timestamp() from unnest(${queues}::text[]) as q (queue)
    on conflict (queue, asked_by) do update set asked_at =
      case when canary.done_at >= canary.asked_at then excluded.asked_at else canary.asked_at end`.execute(
    db,
  );
}

/** Notes that the queue did not take it. */
export async function refuseCanary(db: Db, process: string, queue: string): Promise<void> {
  await sql`
    update canary set refused_at = coalesce(refused_at, clock_timestamp())
    where queue = ${queue} and asked_by = ${process}`.execute(db);
}

/** Notes that a canary has been executed, and by which worker. */
export async function endCanary(
  db: Db,
  canary: { queue: string; asker: string; worker: string },
): Promise<void> {
  await sql`
    update canary set done_at = clock_timestamp(), done_by = ${canary.worker}, refused_at = null
    where queue = ${canary.queue} and asked_by = ${canary.asker}`.execute(db);
}

/** How it stands with the canaries of one process, or of all that are alive. */
export interface CanaryRecord {
  queue: string;
  askedBy: string;
  /** The last one, or the oldest that has not come back, was asked for then. */
  askedAt: Date;
  /** When one last came back; null: never. */
  doneAt: Date | null;
  /** Since when the queue has not taken any; null: it took the last. */
  refusedAt: Date | null;
  /** Seconds since the oldest that has not come back was asked for; null: all are back. */
  openSeconds: number | null;
  /** Seconds since one last came back; null: never. */
  doneSeconds: number | null;
}

/** The canaries of processes that have shown a sign of life in the last quarter of a minute. */
export async function listCanaries(db: Db): Promise<CanaryRecord[]> {
  const { rows } = await sql<CanaryRecord>`
    select c.queue, c.asked_by as "askedBy", c.asked_at as "askedAt", c.done_at as "doneAt",
      c.refused_at as "refusedAt",
      case when c.done_at is null or c.done_at < c.asked_at
        then extract(epoch from clock_timestamp() - c.asked_at)::float8 end as "openSeconds",
      extract(epoch from clock_timestamp() - c.done_at)::float8 as "doneSeconds"
    from canary c join worker w on w.name = c.asked_by
    where w.seen_at > clock_timestamp() - interval '15 seconds'
    order by c.queue, c.asked_by`.execute(db);
  return rows;
}

/** Forgets canaries of a process that ended in peace, and of those that have not been heard of for a day. */
export async function forgetCanaries(db: Db, process: string): Promise<void> {
  await sql`
    delete from canary c where asked_by = ${process} or not exists (
      select 1 from worker w where w.name = c.asked_by and w.seen_at > clock_timestamp() - interval '1 day')`.execute(
    db,
  );
}
