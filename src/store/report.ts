import { sql } from 'kysely';
import { DELIVERY_STATES, type DeliveryState } from '../domain/delivery.ts';
import { DELIVERING_STATES } from './campaign-states.ts';
import type { Db } from './connection/database.ts';

/** Deliveries of a campaign by state; every state is there, with zeroes. */
export type Totals = Record<DeliveryState, number>;

export async function countDeliveries(db: Db, campaignId: string): Promise<Totals> {
  const result = await sql<{ state: DeliveryState; count: number }>`
    select state, count(*)::int as count from delivery
    where campaign_id = ${campaignId} group by state`.execute(db);
  const totals = Object.fromEntries(DELIVERY_STATES.map((state) => [state, 0])) as Totals;
  for (const row of result.rows) totals[row.state] = row.count;
  return totals;
}

/** The platforms that did not take a post of a campaign, by name. */
export async function listRefusing(db: Db, campaignId: string): Promise<string[]> {
  const { rows } = await sql<{ platform: string }>`
    select distinct platform from delivery
    where campaign_id = ${campaignId} and state = 'refused' order by 1`.execute(db);
  return rows.map(({ platform }) => platform);
}

/** Deliveries of a campaign whose outcome is not known and is still looked for. */
export async function countLooking(db: Db, campaignId: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from delivery
    where campaign_id = ${campaignId} and state = 'unconfirmed' and due_at is not null`.execute(db);
  return rows[0]?.count ?? 0;
}

/** Milliseconds after the moment at which each post was sent, ascending. Never negative, or something is very wrong. */
export async function readLateness(db: Db, campaignId: string): Promise<number[]> {
  const result = await sql<{ late: number[] | null }>`
    select array_agg(late order by late) as late from (
      select (extract(epoch from d.sent_at - c.moment) * 1000)::float8 as late
      from delivery d join campaign c on c.id = d.campaign_id
      where d.campaign_id = ${campaignId} and d.state = 'posted' and d.sent_at is not null) l`.execute(
    db,
  );
  return result.rows[0]?.late ?? [];
}

/** Why deliveries ended without a post, the most frequent first. */
export async function countReasons(
  db: Db,
  campaignId: string,
): Promise<{ reason: string; count: number }[]> {
  const result = await sql<{ reason: string; count: number }>`
    select reason, count(*)::int as count from delivery
    where campaign_id = ${campaignId} and reason is not null group by reason order by 2 desc`.execute(
    db,
  );
  return result.rows;
}

/** Deliveries of one platform in one state. */
export interface Owed {
  platform: string;
  state: DeliveryState;
  count: number;
}

/** The deliveries of all campaigns that are locked or firing. */
export async function countOwed(db: Db): Promise<Owed[]> {
  const result = await sql<Owed>`
    select d.platform, d.state, count(*)::int as count
    from delivery d join campaign c on c.id = d.campaign_id
    where c.state in (${DELIVERING_STATES}) group by 1, 2 order by 1, 2`.execute(db);
  return result.rows;
}
