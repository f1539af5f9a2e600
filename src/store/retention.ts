import { sql } from 'kysely';
import { DELIVERING_STATES, OVER_STATES } from './campaign-states.ts';
import type { Db } from './connection/database.ts';
import { STILL_TO_GO_STATES, UNSENT_STATES } from './delivery-states.ts';
import { KEPT } from './kept/index.ts';
import { oweRotation } from './vault/master-key.ts';

/** A campaign whose time is over. */
export interface EndedCampaign {
  id: string;
  slug: string;
}

/** Beyond its time, destruction waits so long for posts in doubt and for permissions that are to be given back. */
const GRACE = sql`interval '1 day'`;

/** SQL condition over campaign c: it is over, and nothing of it begins again. */
const OVER = sql`c.state in (${OVER_STATES})`;

/** When campaign c ended. One that was aborted and is not wound up ended at the latest when it was too late for its posts. */
const ENDED_AT = sql`coalesce(c.settled_at, c.too_late_at)`;

/** Something of campaign c is still being found out, or given back. */
const UNFINISHED = sql`(exists (select 1 from delivery d where d.campaign_id = c.id
    and (d.state in (${STILL_TO_GO_STATES}) or (d.state = 'unconfirmed' and d.due_at is not null)))
  or exists (select 1 from credential r where r.campaign_id = c.id))`;

/** A burst is near or under way: the database is left to it. */
const BURST = sql`exists (select 1 from campaign b where b.state in (${DELIVERING_STATES})
  and clock_timestamp() between b.lock_at and b.moment + interval '5 minutes')`;

/** Campaigns whose keys are to be destroyed now, the first to end first; at most `limit`. */
export async function findExpired(
  db: Db,
  retentionMs: number,
  limit: number,
): Promise<EndedCampaign[]> {
  const over = sql`${ENDED_AT} + ${retentionMs} * interval '1 millisecond'`;
  const { rows } = await sql<EndedCampaign>`
    select c.id, c.slug from campaign c
    where ${OVER} and c.reduced_at is null and c.keys_destroyed_at is null and ${over} <= clock_timestamp()
      and (${over} + ${GRACE} <= clock_timestamp() or not ${UNFINISHED}) and not ${BURST}
    order by ${ENDED_AT} limit ${limit}`.execute(db);
  return rows;
}

/** Campaigns whose keys are destroyed and whose rows are not reduced yet; at most `limit`. */
export async function findUnreduced(db: Db, limit: number): Promise<EndedCampaign[]> {
  const { rows } = await sql<EndedCampaign>`
    select c.id, c.slug from campaign c
    where ${OVER} and c.reduced_at is null and c.keys_destroyed_at is not null and not ${BURST}
    order by c.keys_destroyed_at limit ${limit}`.execute(db);
  return rows;
}

/** What destroying the keys of a campaign has ended with them. */
export interface Destroyed {
  /** Posts of which it will never be known whether they are there. */
  doubts: number;
  /** Permissions that their network has not taken back; there they end by themselves. */
  grants: number;
}

/**
 * Destroys the keys of a campaign that is over: from the commit on nobody can open what is sealed under them, but from an older
 * dump and under the present master key, which is therefore owed a rotation. Null when it is not over, or they are destroyed.
 * In a transaction.
 */
export async function destroyCampaignKeys(db: Db, campaignId: string): Promise<Destroyed | null> {
  const held = await sql`
    select 1 from campaign c where c.id = ${campaignId} and ${OVER} and c.keys_destroyed_at is null
    for update`.execute(db);
  if (held.rows.length === 0) return null;
  const doubts = await endDoubts(db, campaignId);
  const grants = await db
    .deleteFrom('credential')
    .where('campaign_id', '=', campaignId)
    .executeTakeFirst();
  await sql`
    update campaign_key set wrapped = null, destroyed_at = clock_timestamp()
    where campaign_id = ${campaignId} and wrapped is not null`.execute(db);
  await sql`
    update campaign set keys_destroyed_at = clock_timestamp(), settled_at = coalesce(settled_at, clock_timestamp()),
      decided_times = null
    where id = ${campaignId}`.execute(db);
  await oweRotation(db);
  return { doubts, grants: Number(grants.numDeletedRows) };
}

/** Nothing more can be sent, or looked for: what is unsent stays so, and what is in doubt is never known. Returns how many are. */
async function endDoubts(db: Db, campaignId: string): Promise<number> {
  await sql`
    update delivery set state = 'dropped', reason = 'window_expired', due_at = null
    where campaign_id = ${campaignId} and state in (${UNSENT_STATES})`.execute(db);
  await sql`
    update delivery set state = 'unconfirmed', due_at = null
    where campaign_id = ${campaignId} and (state = 'sending' or (state = 'unconfirmed' and due_at is not null))`.execute(
    db,
  );
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from delivery
    where campaign_id = ${campaignId} and state = 'unconfirmed'`.execute(db);
  return rows[0]?.count ?? 0;
}

/**
 * Reduces the rows of a campaign to what `KEPT` says is left of them. `named`: networks whose servers supporters name; what is
 * noted of those servers goes as well, since a server of one person names that person. Grants hold what they need of it
 * themselves, and whoever joins another campaign there has our app registered anew. In a transaction.
 */
export async function reduceCampaign(
  db: Db,
  campaignId: string,
  named: readonly string[],
): Promise<void> {
  if (named.length > 0) {
    await db.deleteFrom('platform_note').where('platform', 'in', named).execute();
  }
  await sql`
    update campaign set posts_by_hand = posts_by_hand + a.said, posts_seen = posts_seen + a.seen
    from (select count(*) as said, count(*) filter (where seen) as seen from assisted_post
      where campaign_id = ${campaignId}) a
    where id = ${campaignId}`.execute(db);
  for (const [table, { rows, columns }] of Object.entries(KEPT)) {
    if (rows !== 'reduced') continue;
    const changes = Object.entries(columns).flatMap(([column, { reduced }]) =>
      reduced === null ? [] : [sql`${sql.ref(column)} = ${sql.raw(reduced)}`],
    );
    await sql`
      update ${sql.table(table)} set ${sql.join(changes)}
      where campaign_id = ${campaignId}`.execute(db);
  }
  // After the rows that refer to them.
  for (const [table, { rows }] of Object.entries(KEPT)) {
    if (rows !== 'deleted') continue;
    await sql`delete from ${sql.table(table)} where campaign_id = ${campaignId}`.execute(db);
  }
  await sql`update campaign set reduced_at = clock_timestamp() where id = ${campaignId}`.execute(
    db,
  );
}
