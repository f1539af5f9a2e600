import { sql } from 'kysely';
import { DELIVERING_STATES } from './campaign-states.ts';
import type { Db } from './connection/database.ts';
import { UNSENT_STATES } from './delivery-states.ts';

/**
 * SQL condition over campaign `c`: nothing of it is sent any more. `aheadMs`: by so much the database's clock is ahead of the networks',
 * so that it shows the end of the window before it has come; a person may have said that it is right.
 */
export function isTooLate(aheadMs: number) {
  const ahead = sql`case when c.clock_trusted then 0 else ${aheadMs}::float8 end * interval '1 millisecond'`;
  return sql`(c.too_late_at + ${ahead} <= clock_timestamp())`;
}

/** SQL condition over campaign `c`: it is held until the networks' clocks show its moment, which ours has shown before. */
export const HELD_FOR_CLOCK = sql`exists (select 1 from hold h
  where h.kind = 'clock' and h.campaign_id = c.id and h.until > clock_timestamp())`;

/**
 * SQL condition over delivery `d` and campaign `c`: it was not sent in time. Nothing is while sending is held because the database was
 * restored, since it may have been sent; nor while it is held for a clock that is ahead.
 */
const isLate = (aheadMs: number) => sql`c.id = d.campaign_id and c.state in (${DELIVERING_STATES})
  and ${isTooLate(aheadMs)} and d.state in (${UNSENT_STATES})
  and not exists (select 1 from hold h where h.kind = 'restored') and not ${HELD_FOR_CLOCK}`;

/** Of which networks there is something to drop, by the database's clock. */
export async function latePlatforms(db: Db): Promise<string[]> {
  const { rows } = await sql<{ platform: string }>`
    select distinct d.platform from delivery d, campaign c where ${isLate(0)}`.execute(db);
  return rows.map(({ platform }) => platform);
}

/** Ends what was not sent in time. Rows that are being sent, or in doubt, are left to their outcome. */
export async function dropLate(db: Db, aheadMs = 0): Promise<number> {
  const result = await sql`
    update delivery d set state = 'dropped', reason = 'window_expired', due_at = null, settled_at = clock_timestamp()
    from campaign c where ${isLate(aheadMs)}`.execute(db);
  return Number(result.numAffectedRows ?? 0n);
}
