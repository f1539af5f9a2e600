import { sql } from 'kysely';
import { DELIVERING_STATES } from '../campaign-states.ts';
import type { Db } from '../connection/database.ts';
import { UNSENT_STATES } from '../delivery-states.ts';

/** Who stops it for good, and why. */
export interface AbortNote {
  actor: string;
  reason: string;
}

/** One campaign, or all. */
export type AbortTarget = { campaignId: string } | 'all';

function whereTargeted(target: AbortTarget) {
  return target === 'all' ? sql`true` : sql`c.id = ${target.campaignId}::uuid`;
}

/**
 * Holds what is about to be aborted and tells every worker. It is committed by itself, and is one statement, since dropping a
 * hundred thousand deliveries takes longer than posts may still go out. Returns how many campaigns are locked or firing.
 */
export async function holdForAbort(db: Db, target: AbortTarget, order: AbortNote): Promise<number> {
  const result = await sql<{ count: number }>`
    with held as (
      insert into hold (scope, campaign_id, kind, actor, reason)
      select 'campaign', c.id, 'paused', ${order.actor}, ${order.reason}
      from campaign c where ${whereTargeted(target)} and c.state in (${DELIVERING_STATES})
      order by c.id
      -- What is paused stays so by whom it was.
      on conflict (target, kind) do update set reason = hold.reason
      returning 1
    )
    select (select count(*) from held)::int as count, pg_notify('tocsin', 'hold:')`.execute(db);
  return result.rows[0]?.count ?? 0;
}

/**
 * Moves campaigns from `locked` and `firing` to `aborted` and drops what has no dispatch mark. What is being sent is left to
 * its outcome. Returns the campaigns, and how many deliveries were dropped.
 */
export async function abortCampaigns(
  db: Db,
  target: AbortTarget,
): Promise<{ campaigns: { id: string; slug: string }[]; dropped: number }> {
  const moved = await sql<{ id: string; slug: string }>`
    update campaign c set state = 'aborted'
    where c.state in (${DELIVERING_STATES}) and c.id in (
      select c.id from campaign c where ${whereTargeted(target)} and c.state in (${DELIVERING_STATES})
      order by c.id for update)
    returning c.id, c.slug`.execute(db);
  const ids = moved.rows.map((row) => row.id);
  const dropped =
    ids.length === 0 ? 0 : await dropDeliveries(db, sql`d.campaign_id = any(${ids}::uuid[])`);
  return { campaigns: moved.rows, dropped };
}

/**
 * Aborts one platform in every campaign that is locked or firing: an event in the ledger of each that has deliveries there,
 * unless it has one already, and what has no dispatch mark is dropped.
 */
export async function abortPlatform(
  db: Db,
  platform: string,
  order: AbortNote,
): Promise<{ campaigns: { id: string; slug: string }[]; dropped: number }> {
  const noted = await sql<{ id: string; slug: string }>`
    with noted as (
      insert into campaign_event (campaign_id, actor, action, scope, platform, detail)
      select c.id, ${order.actor}, 'aborted', 'platform', ${platform}::text, ${order.reason}
      from campaign c
      where c.state in (${DELIVERING_STATES})
        and exists (select 1 from delivery d where d.campaign_id = c.id and d.platform = ${platform})
        and not exists (select 1 from campaign_event e where e.campaign_id = c.id
          and e.action = 'aborted' and e.scope = 'platform' and e.platform = ${platform})
      order by c.moment, c.id
      returning campaign_id
    )
    select c.id, c.slug from noted join campaign c on c.id = noted.campaign_id`.execute(db);
  return { campaigns: noted.rows, dropped: await dropAbortedPlatforms(db) };
}

/** Ends what is owed, and not marked, on platforms that were aborted in campaigns still under way. Returns how many. */
export async function dropAbortedPlatforms(db: Db): Promise<number> {
  const { rows } = await sql<{ id: string; platform: string }>`
    select distinct c.id, e.platform
    from campaign_event e join campaign c on c.id = e.campaign_id
    where e.action = 'aborted' and e.scope = 'platform' and c.state in (${DELIVERING_STATES})`.execute(
    db,
  );
  if (rows.length === 0) return 0;
  const ids = rows.map((row) => row.id);
  return dropDeliveries(
    db,
    sql`d.campaign_id = any(${ids}::uuid[]) and (d.campaign_id, d.platform) in (
      select * from unnest(${ids}::uuid[], ${rows.map((row) => row.platform)}::text[]))`,
  );
}

/** Ends what an aborted campaign still owes: sent just before the abort, and given back unsent. Returns how many. */
export async function dropAborted(db: Db, campaignId: string): Promise<number> {
  return dropDeliveries(db, sql`d.campaign_id = ${campaignId}::uuid`);
}

async function dropDeliveries(db: Db, which: ReturnType<typeof sql>): Promise<number> {
  const result = await sql`
    update delivery d set state = 'dropped', reason = 'stopped', due_at = null, settled_at = clock_timestamp()
    where ${which} and d.state in (${UNSENT_STATES})`.execute(db);
  return Number(result.numAffectedRows ?? 0n);
}

/** Aborted campaigns that are not wound up: `closeAborted` has not been called for them. */
export async function listAborted(db: Db): Promise<{ id: string; slug: string }[]> {
  return db
    .selectFrom('campaign')
    .select(['id', 'slug'])
    .where('state', '=', 'aborted')
    .where('settled_at', 'is', null)
    .execute();
}

/** Notes that nothing of an aborted campaign will change any more, and lifts what held it. False when somebody else did. */
export async function closeAborted(db: Db, campaignId: string): Promise<boolean> {
  const result = await sql`
    update campaign set settled_at = clock_timestamp()
    where id = ${campaignId} and state = 'aborted' and settled_at is null`.execute(db);
  await sql`delete from hold where scope = 'campaign' and campaign_id = ${campaignId}`.execute(db);
  return Number(result.numAffectedRows ?? 0n) === 1;
}

/** Gives the revoker every credential of a campaign that will not take place. Returns how many. */
export async function retireAllCredentials(db: Db, campaignId: string): Promise<number> {
  const result = await sql`
    update credential set state = 'revoking', revoke_after = now()
    where campaign_id = ${campaignId} and state in ('live', 'dead')`.execute(db);
  return Number(result.numAffectedRows ?? 0n);
}
