import { sql } from 'kysely';
import type { HighWater } from '../../domain/high-water.ts';
import { DELIVERING_STATES, DELIVERY_OVER_STATES } from '../campaign-states.ts';
import type { Db } from '../connection/database.ts';
import { STILL_TO_GO_STATES } from '../delivery-states.ts';

/** The database's own counter, and the id that it shares with its copies. */
export async function readEpoch(db: Db): Promise<{ databaseId: string; epoch: number }> {
  const { rows } = await sql<{ databaseId: string; epoch: number }>`
    select database_id as "databaseId", epoch::float8 as epoch from instance_epoch`.execute(db);
  const [row] = rows;
  if (!row) throw new Error('The row of instance_epoch has gone');
  return row;
}

/** Raises the counter, above `atLeast` too. The last statement of its transaction, since others wait for its row. */
export async function raiseEpoch(db: Db, atLeast = 0): Promise<void> {
  await sql`update instance_epoch set epoch = greatest(epoch, ${atLeast}) + 1`.execute(db);
}

/**
 * Notes that the database was restored, above everything that was noted of it before. A backup that was made while sending was held
 * after an earlier restore, or since, knows of posts that had been looked for and were sent later: these are looked for again.
 */
export async function noteRestore(db: Db, above: number): Promise<void> {
  await sql`
    update delivery set restored = null
    where restored = 'looked' and state in (${STILL_TO_GO_STATES})`.execute(db);
  await sql`update instance_epoch set restored_at = clock_timestamp()`.execute(db);
  await raiseEpoch(db, above);
}

/** Whether the database is behind what was noted of it: its counter is lower, or a dispatch mark is missing. */
export async function isBehind(db: Db, noted: HighWater): Promise<boolean> {
  const { epoch } = await readEpoch(db);
  if (epoch < noted.epoch) return true;
  if (!noted.lastMark) return false;
  const { deliveryId, markedAtMs } = noted.lastMark;
  const marked = sql`to_timestamp(${markedAtMs}::float8 / 1000)`;
  const { rows } = await sql<{ known: boolean; is_there: boolean; has: boolean }>`
    select coalesce(${marked} <= e.restored_at, false) as known,
      d.id is not null as is_there,
      coalesce(c.state in (${DELIVERY_OVER_STATES})
        or d.marked_at >= ${marked} - interval '1 millisecond', false) as has
    from instance_epoch e left join delivery d on d.id = ${deliveryId}
      left join campaign c on c.id = d.campaign_id`.execute(db);
  const [found] = rows;
  // Sending was held since, and whatever had been marked before is looked for.
  if (!found || found.known) return false;
  // A delivery that is not there was removed with its campaign, after the counter had been raised; or is not made yet.
  return found.is_there ? !found.has : epoch === noted.epoch;
}

/** SQL: when sending was held because the database was restored; null when it is not held for that. */
export const HELD_SINCE = sql`(select h.at from hold h where h.kind = 'restored' limit 1)`;

/** SQL condition over delivery `d` and campaign `c`: it may have been sent after the backup was made. */
const MAY_HAVE_BEEN_SENT = sql`c.state in (${DELIVERING_STATES}) and c.moment <= ${HELD_SINCE}
  and d.restored is null and d.state in (${STILL_TO_GO_STATES}, 'unconfirmed')`;

/**
 * After a restore: every delivery that is not over and may have been sent since the backup comes into doubt, with an `unknown`
 * attempt in the ledger, and is due to be looked for at once. `worker` signs the attempts. Returns how many; 0 while nothing is
 * held for a restore.
 */
export async function doubtRestored(db: Db, worker: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    with doubtful as (
      update delivery d set state = 'unconfirmed', restored = 'to_look', shard_id = null, due_at = clock_timestamp(),
        -- It cannot have been sent before the moment, and is looked for from there on.
        marked_at = c.moment, attempts = greatest(d.attempts, 1)
      from campaign c
      where c.id = d.campaign_id and ${MAY_HAVE_BEEN_SENT}
      returning d.id, d.campaign_id, d.attempts
    ), noted as (
      insert into attempt (delivery_id, campaign_id, number, worker, answered_at, outcome, detail)
      select id, campaign_id, attempts, ${worker}, clock_timestamp(), 'unknown',
        'the database was restored from a backup'
      from doubtful)
    select count(*)::int as count from doubtful`.execute(db);
  return rows[0]?.count ?? 0;
}

/** How many posts are still to be looked for before sending may go on; campaigns that are to lock first count as one each. */
export async function countToLook(db: Db): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select (
      (select count(*) from delivery d where d.restored = 'to_look' and d.state = 'unconfirmed')
      + (select count(*) from delivery d join campaign c on c.id = d.campaign_id where ${MAY_HAVE_BEEN_SENT})
      + (select count(*) from campaign c where c.state = 'open' and c.lock_at <= clock_timestamp()
          and c.moment <= ${HELD_SINCE})
    )::int as count`.execute(db);
  return rows[0]?.count ?? 0;
}
