import { sql } from 'kysely';
import { DELIVERING_STATES } from './campaign-states.ts';
import type { Db } from './connection/database.ts';
import { deadReasonOf } from './credential.ts';
import { STILL_TO_GO_STATES } from './delivery-states.ts';
import { isOnHold } from './stop/hold.ts';

/** A shard as its holder sees it. `lease` is the fence: changes made under an older number do nothing. */
export interface LeasedShard {
  id: string;
  campaignId: string;
  platform: string;
  /** A name, or a hash of one: see the pledge. */
  host: string;
  dueAt: Date;
  lease: number;
}

/** How a campaign's deliveries are cut: at most `size` in one shard, one host each. */
export interface ShardPlan {
  campaignId: string;
  size: number;
}

/**
 * Makes one delivery for every active pledge and cuts them into shards, in an order of chance, in one statement.
 * A pledge whose grant has died gets a delivery that is refused from the start, for the reason that its grant died of. Returns how
 * many deliveries.
 */
export async function createDeliveries(db: Db, plan: ShardPlan, dueAt: Date): Promise<number> {
  const result = await sql<{ count: number }>`
    with pool as (
      select p.id, p.platform, p.host,
        ((row_number() over (partition by p.platform, p.host order by random()) - 1) / ${plan.size})::int as number,
        exists (select 1 from credential c where c.pledge_id = p.id and c.state = 'live') as able,
        ${deadReasonOf('p.id')} as dead_reason
      from pledge p where p.campaign_id = ${plan.campaignId} and p.state = 'active'
    ), made as (
      insert into shard (id, campaign_id, platform, host, number, due_at)
      select gen_random_uuid(), ${plan.campaignId}, k.platform, k.host, k.number, ${dueAt}
      from (select distinct platform, host, number from pool) k
      returning id, platform, host, number
    ), owed as (
      insert into delivery (id, pledge_id, campaign_id, platform, host, shard_id, state, reason)
      select ${DELIVERY_ID}, pool.id, ${plan.campaignId}, pool.platform, pool.host, made.id,
        case when able then 'pending' else 'refused' end,
        case when able then null else dead_reason end
      from pool join made using (platform, host, number)
      returning 1
    )
    select count(*)::int as count from owed`.execute(db);
  return result.rows[0]?.count ?? 0;
}

/**
 * The id of the delivery of a pledge, always the same: after a restore to a time before the lock, the post that is owed has the
 * key at its network that it had before, and is found by it. Out of a random number of 122 bits, so it tells nothing.
 */
const DELIVERY_ID = sql`encode(substr(sha256(('delivery ' || pool.id)::bytea), 1, 16), 'hex')::uuid`;

/** Tells the planner how many deliveries there are now; unasked, it would read the whole table for every window of marks. */
export async function analyzeDeliveries(db: Db): Promise<void> {
  await sql`analyze delivery, shard, campaign`.execute(db);
}

/** Gathers the deliveries of a campaign whose turn has come again into new shards. Returns how many were gathered. */
export async function gatherDue(db: Db, plan: ShardPlan): Promise<number> {
  const result = await sql<{ count: number }>`
    with pool as (
      select id, platform, host,
        ((row_number() over (partition by platform, host order by random()) - 1) / ${plan.size})::int as number
      from (select id, platform, host from delivery
        where campaign_id = ${plan.campaignId} and shard_id is null
          and state in ('waiting', 'armed') and due_at <= clock_timestamp()
          and not ${isOnHold('delivery')}
        for update skip locked) d
    ), made as (
      insert into shard (id, campaign_id, platform, host, number, due_at)
      select gen_random_uuid(), ${plan.campaignId}, k.platform, k.host, k.number, clock_timestamp()
      from (select distinct platform, host, number from pool) k
      returning id, platform, host, number
    ), gathered as (
      -- Leases are counted per shard, so the fence of the old one says nothing in the new.
      update delivery d set shard_id = made.id, fence = 0, due_at = null
      from pool join made using (platform, host, number)
      where d.id = pool.id
      returning 1
    )
    select count(*)::int as count from gathered`.execute(db);
  return result.rows[0]?.count ?? 0;
}

/** Takes a shard that nobody holds, for `holdMs`. Null when somebody does, or when it is done. */
export async function leaseShard(
  db: Db,
  id: string,
  worker: string,
  holdMs: number,
): Promise<LeasedShard | null> {
  const row = await db
    .updateTable('shard')
    .set({
      lease: sql`lease + 1`,
      leased_by: worker,
      leased_until: sql`clock_timestamp() + ${holdMs} * interval '1 millisecond'`,
    })
    .where('id', '=', id)
    .where('done', '=', false)
    .where(sql<boolean>`(leased_until is null or leased_until < clock_timestamp())`)
    .returning(['id', 'campaign_id', 'platform', 'host', 'due_at', 'lease'])
    .executeTakeFirst();
  if (!row) return null;
  return {
    id: row.id,
    campaignId: row.campaign_id,
    platform: row.platform,
    host: row.host,
    dueAt: row.due_at,
    lease: row.lease,
  };
}

/** Holds on to a shard for another `holdMs`. False when it has been lost: stop at once. */
export async function renewLease(db: Db, leased: LeasedShard, holdMs: number): Promise<boolean> {
  const result = await db
    .updateTable('shard')
    .set({ leased_until: sql`clock_timestamp() + ${holdMs} * interval '1 millisecond'` })
    .where('id', '=', leased.id)
    .where('lease', '=', leased.lease)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** Lets go of a shard. It is done when nothing in it is left to send or in doubt; else somebody may take it over at once. */
export async function releaseShard(db: Db, leased: LeasedShard): Promise<void> {
  await sql`
    update shard s set leased_by = null, leased_until = null, done = not exists (
      select 1 from delivery d where d.shard_id = s.id and d.state in (${STILL_TO_GO_STATES}))
    where s.id = ${leased.id} and s.lease = ${leased.lease}`.execute(db);
}

/** Shards that are due before `until` and that nobody holds, for the sweep and for arming. */
export async function findFreeShards(
  db: Db,
  until: Date,
  campaignId?: string,
): Promise<{ id: string; platform: string; lease: number }[]> {
  let query = db
    .selectFrom('shard')
    .innerJoin('campaign', 'campaign.id', 'shard.campaign_id')
    .select(['shard.id', 'shard.platform', 'shard.lease'])
    .where('shard.done', '=', false)
    .where('shard.due_at', '<=', until)
    .where(sql<boolean>`(leased_until is null or leased_until < clock_timestamp())`)
    // What a dead holder was sending has to come into doubt, stopped or not; nothing more goes out by that.
    .where(sql<boolean>`((campaign.state in (${DELIVERING_STATES}) and not ${isOnHold('shard')})
      or (shard.lease > 0 and exists (select 1 from delivery d where d.shard_id = shard.id and d.state = 'sending')))`);
  if (campaignId) query = query.where('shard.campaign_id', '=', campaignId);
  return query.execute();
}
