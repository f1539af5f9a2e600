import { sql } from 'kysely';
import { DELIVERING_STATES } from './campaign-states.ts';
import type { Db } from './connection/database.ts';
import { isOnHold } from './stop/hold.ts';

/** A step of a campaign that can be overdue. */
export type OverdueStep = 'lock' | 'arm' | 'fire' | 'retry';

/** How long the step that waits longest has been overdue. */
export interface Overdue {
  step: OverdueStep;
  /** Since when it is due. */
  since: Date;
  seconds: number;
  /** How many campaigns wait for it. */
  campaigns: number;
}

/**
 * What is due and has not been done. `lock`: joining is to be closed. `arm`: a shard is to be taken by a worker, and none has it.
 * `fire`: a shard's posts are due and have not all been begun, taken or not. `retry`: the waiting of a post is over, and it is in
 * no shard. `held`: what an order or a platform holds back counts, too.
 */
export async function listOverdue(db: Db, { held }: { held: boolean }): Promise<Overdue[]> {
  const counts = (table: string) => (held ? sql`true` : sql`not ${isOnHold(table)}`);
  const { rows } = await sql<Overdue>`
    with open_shard as (
      select s.*, c.moment, c.arm_at from shard s join campaign c on c.id = s.campaign_id
      where not s.done and c.state in (${DELIVERING_STATES}) and ${counts('s')}
    ), step (step, due_at, campaign_id) as (
      select 'lock', lock_at, id from campaign where state = 'open'
      union all
      select 'arm', greatest(case when due_at > moment then due_at else arm_at end, leased_until), campaign_id
      from open_shard
      union all
      select 'fire', due_at, campaign_id from open_shard s
      where due_at < clock_timestamp() and exists (
        select 1 from delivery d where d.shard_id = s.id and d.state in ('pending', 'armed'))
      union all
      select 'retry', d.due_at, d.campaign_id from delivery d join campaign c on c.id = d.campaign_id
      where d.due_at < clock_timestamp() and d.state in ('waiting', 'armed') and d.shard_id is null
        and c.state in (${DELIVERING_STATES}) and ${counts('d')}
    )
    select step, min(due_at) as since, count(distinct campaign_id)::int as campaigns,
      extract(epoch from clock_timestamp() - min(due_at))::float8 as seconds
    from step where due_at < clock_timestamp() group by step order by 4 desc`.execute(db);
  return rows;
}
