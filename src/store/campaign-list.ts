import { type RawBuilder, sql } from 'kysely';
import {
  type CampaignRecord,
  type CampaignRow,
  type CampaignSteps,
  toCampaignRecord,
  toCampaignSteps,
} from './campaign.ts';
import { AHEAD_STATES, UNAPPROVED_STATES, UNDER_WAY_STATES } from './campaign-states.ts';
import type { Db } from './connection/database.ts';
import { IS_SENDING } from './sending.ts';

/** One page of a list: where the page before it ended, and how many campaigns it may hold. */
export interface PageRequest {
  /** Slug of the last campaign of the page before; null for the first page. One that does not exist gives an empty page. */
  after: string | null;
  limit: number;
}

export interface CampaignPage {
  /** Each with the state that is shown: see `shownState`. */
  campaigns: readonly CampaignRecord[];
  /** What the next page is asked for with; null when this is the last one. */
  next: string | null;
}

/** A person still has to decide, and there is time for it. */
const WAITING = sql`c.state in (${UNAPPROVED_STATES}) and c.moment > clock_timestamp()`;
/** Steps of it are still to come. */
const UNDER_WAY = sql`c.state in (${UNDER_WAY_STATES})`;
/** Its posts are still to come, or going out. */
const COMING = sql`(c.state in (${AHEAD_STATES}) or (c.state = 'firing' and ${IS_SENDING}))`;
/** It went out, as it is shown: see `shownState`. */
const SETTLED = sql`(c.state = 'settled' or (c.state = 'firing' and not ${IS_SENDING}))`;
const PAST = sql`not (${COMING}) and not (${WAITING})`;
const EVERY = sql`true`;

/** Campaigns that wait for a decision before their moment, the next moment first. */
export const listWaiting = pages(WAITING, 'ascending');
/** Campaigns that are open, locked or firing, the next moment first. */
export const listComing = pages(COMING, 'ascending');
/** Campaigns that have gone out, the latest moment first. */
export const listSettled = pages(SETTLED, 'descending');
/** Campaigns that are over in any way, or that nobody approved in time; the latest moment first. */
export const listPast = pages(PAST, 'descending');
/** All campaigns, the latest moment first. */
export const listEvery = pages(EVERY, 'descending');

function pages(which: RawBuilder<unknown>, order: 'ascending' | 'descending') {
  const direction = order === 'ascending' ? sql`asc` : sql`desc`;
  const further = order === 'ascending' ? sql`>` : sql`<`;
  return async (db: Db, { after, limit }: PageRequest): Promise<CampaignPage> => {
    // By (moment, id), which is unique; the page before may have changed state meanwhile.
    const beyond =
      after === null
        ? sql`true`
        : sql`(c.moment, c.id) ${further} (select last.moment, last.id from campaign last where last.slug = ${after})`;
    const { rows } = await sql<CampaignRow>`
      select c.*, case when ${SETTLED} then 'settled' else c.state end as state
      from campaign c where ${which} and ${beyond}
      order by c.moment ${direction}, c.id ${direction} limit ${limit + 1}`.execute(db);
    const campaigns = rows.slice(0, limit).map(toCampaignRecord);
    const last = campaigns.at(-1);
    return { campaigns, next: rows.length > limit && last ? last.slug : null };
  };
}

/** Every campaign that is open, locked or firing, however many there are; the next moment first. */
export async function listUnderWay(db: Db): Promise<CampaignSteps[]> {
  const { rows } = await sql<CampaignRow>`
    select ${sql.join(Object.keys(STEP_COLUMNS).map((column) => sql.ref(`c.${column}`)))}
    from campaign c where ${UNDER_WAY} order by c.moment, c.id`.execute(db);
  return rows.map(toCampaignSteps);
}

/** All but the texts; the compiler holds it to the row. */
const STEP_COLUMNS: Readonly<Record<Exclude<keyof CampaignRow, 'content'>, true>> = {
  id: true,
  slug: true,
  state: true,
  moment: true,
  moment_wall: true,
  moment_zone: true,
  moment_tzdata: true,
  moment_kept_against: true,
  preflight_at: true,
  lock_at: true,
  arm_at: true,
  too_late_at: true,
  created_by: true,
  opened_at: true,
  approved_by: true,
  post_key_rule: true,
  settled_at: true,
  keys_destroyed_at: true,
  reach: true,
};
