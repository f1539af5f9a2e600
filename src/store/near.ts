import { sql } from 'kysely';
import { AHEAD_STATES } from './campaign-states.ts';
import type { Db } from './connection/database.ts';

/**
 * SQL condition over campaign c: its moment is near, or it is firing. From so long before a moment on, the instance is looked at
 * closely, until the campaign is settled.
 */
const NEAR = sql`(c.state = 'firing'
  or (c.state in (${AHEAD_STATES}) and c.moment < clock_timestamp() + interval '1 hour'))`;

/** Whether a moment is near, or a campaign is firing. */
export async function isMomentNear(db: Db): Promise<boolean> {
  const { rows } = await sql`select 1 from campaign c where ${NEAR} limit 1`.execute(db);
  return rows.length > 0;
}

/**
 * Whether nothing that a moment waits for is under way or comes due within `ms`: no moment is near, none is to lock by then, none
 * that was aborted is still being wound up, nothing has to be looked for after a restore, and no delivery waits for its turn.
 */
export async function isQuiet(db: Db, ms: number): Promise<boolean> {
  const { rows } = await sql`
    select 1 from campaign c where ${NEAR} or c.state = 'locked'
      or (c.state = 'open' and c.lock_at < clock_timestamp() + ${ms} * interval '1 millisecond')
      or (c.state = 'aborted' and c.settled_at is null)
    union all
    select 1 from hold h where h.kind = 'restored'
    union all
    select 1 from delivery d where d.due_at is not null and d.shard_id is null
    limit 1`.execute(db);
  return rows.length === 0;
}
