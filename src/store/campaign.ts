import { sql } from 'kysely';
import {
  AHEAD,
  type Campaign,
  type CampaignContent,
  type CampaignState,
} from '../domain/campaign.ts';
import type { Moment } from '../domain/moment.ts';
import type { Db } from './connection/database.ts';
import { raiseEpoch } from './stop/restored.ts';

/** A campaign with the times its steps are due and who stands behind it. */
export interface CampaignRecord extends Campaign {
  /** When people could join for the first time; null before it was approved. */
  openedAt: Date | null;
  preflightAt: Date;
  lockAt: Date;
  armAt: Date;
  tooLateAt: Date;
  /** What the rules gave when a person kept the instant, as RFC 3339 or `none`: that is not asked again. */
  momentKeptAgainst: readonly string[];
  createdBy: string;
  approvedBy: string | null;
  /** How many people follow those whose posts went out, two significant digits; null until it has been summed. */
  reach: number | null;
  /** How the keys of its posts are made. 1: of the delivery's id alone, as when it was locked; 2: under the campaign's key. */
  postKeyRule: 1 | 2;
  /** When it was over; null while it is not. */
  settledAt: Date | null;
  /** When its keys were destroyed, and its receipts ended; null before. */
  keysDestroyedAt: Date | null;
}

/** When a campaign takes place: its moment, and all that is reckoned from it. */
export type CampaignTimes = Pick<
  CampaignRecord,
  'moment' | 'momentKeptAgainst' | 'preflightAt' | 'lockAt' | 'armAt' | 'tooLateAt'
>;

/** A campaign without its texts: what its steps need, for those who look at all campaigns at once. */
export type CampaignSteps = Omit<CampaignRecord, 'content'>;

export interface NewCampaign {
  id: string;
  slug: string;
  content: CampaignContent;
  moment: Moment;
  preflightAt: Date;
  lockAt: Date;
  armAt: Date;
  tooLateAt: Date;
  createdBy: string;
}

/** Stores a campaign that waits for approval. Returns false when the slug is taken. */
export async function insertCampaign(db: Db, campaign: NewCampaign): Promise<boolean> {
  const result = await db
    .insertInto('campaign')
    .values({
      id: campaign.id,
      slug: campaign.slug,
      state: 'in_review',
      content: JSON.stringify(campaign.content),
      moment: campaign.moment.instant,
      moment_wall: campaign.moment.wall,
      moment_zone: campaign.moment.zone,
      moment_tzdata: campaign.moment.tzdata,
      preflight_at: campaign.preflightAt,
      lock_at: campaign.lockAt,
      arm_at: campaign.armAt,
      too_late_at: campaign.tooLateAt,
      created_by: campaign.createdBy,
    })
    .onConflict((conflict) => conflict.column('slug').doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

export async function findCampaign(
  db: Db,
  by: { id: string } | { slug: string },
): Promise<CampaignRecord | null> {
  const base = db.selectFrom('campaign').selectAll();
  const query = 'id' in by ? base.where('id', '=', by.id) : base.where('slug', '=', by.slug);
  const row = await query.executeTakeFirst();
  return row ? toCampaignRecord(row) : null;
}

/** How many campaigns are in each state that any is in. */
export async function countCampaigns(
  db: Db,
): Promise<readonly { state: CampaignState; count: number }[]> {
  return db
    .selectFrom('campaign')
    .select(['state', sql<number>`count(*)::int`.as('count')])
    .groupBy('state')
    .execute();
}

/** The earliest moment that is still to come, of campaigns that people can join or have joined. */
export async function findNextMoment(db: Db): Promise<Date | null> {
  const row = await db
    .selectFrom('campaign')
    .select((eb) => eb.fn.min('moment').as('moment'))
    .where('state', 'in', AHEAD)
    .where('moment', '>', sql<Date>`clock_timestamp()`)
    .executeTakeFirst();
  return row?.moment ?? null;
}

/** Moves a campaign along one arrow and stamps the time. False when it was not in `from`: somebody else did it. */
export async function moveCampaign(
  db: Db,
  id: string,
  from: CampaignState,
  to: CampaignState,
): Promise<boolean> {
  const stamp = STAMP[to];
  const result = await db
    .updateTable('campaign')
    .set({ state: to, ...(stamp ? { [stamp]: sql`clock_timestamp()` } : {}) })
    .where('id', '=', id)
    .where('state', '=', from)
    .executeTakeFirst();
  const moved = result.numUpdatedRows === 1n;
  if (moved && RAISES_EPOCH.includes(to)) await raiseEpoch(db);
  return moved;
}

/** Locking makes deliveries in the same transaction, and raises the counter at its end. */
const RAISES_EPOCH: readonly CampaignState[] = ['firing', 'settled'];

const STAMP: Partial<Record<CampaignState, string>> = {
  open: 'opened_at',
  locked: 'locked_at',
  firing: 'fired_at',
  settled: 'settled_at',
  // However it ends, what is kept of it is kept for so long from then on.
  cancelled: 'settled_at',
  missed_goal: 'settled_at',
  rejected: 'settled_at',
};

/** Notes who approved, if nobody has yet. */
export async function setApprover(db: Db, id: string, operator: string): Promise<void> {
  await db.updateTable('campaign').set({ approved_by: operator }).where('id', '=', id).execute();
}

/** Stores how many people follow those whose posts went out. */
export async function setReach(db: Db, id: string, reach: number): Promise<void> {
  await db.updateTable('campaign').set({ reach }).where('id', '=', id).execute();
}

/** Holds the campaign's row still for the rest of the transaction and tells its state. */
export async function lockCampaignForShare(db: Db, id: string): Promise<CampaignState | null> {
  const row = await db
    .selectFrom('campaign')
    .select('state')
    .where('id', '=', id)
    .forShare()
    .executeTakeFirst();
  return row?.state ?? null;
}

/** A row of `campaign`, as the database gives it. */
export type CampaignRow = {
  id: string;
  slug: string;
  state: CampaignState;
  content: CampaignContent;
  moment: Date;
  moment_wall: string;
  moment_zone: string;
  moment_tzdata: string;
  moment_kept_against: string[];
  preflight_at: Date;
  lock_at: Date;
  arm_at: Date;
  too_late_at: Date;
  created_by: string;
  opened_at: Date | null;
  approved_by: string | null;
  post_key_rule: 1 | 2;
  settled_at: Date | null;
  keys_destroyed_at: Date | null;
  reach: number | null;
};

export function toCampaignRecord(row: CampaignRow): CampaignRecord {
  return { ...toCampaignSteps(row), content: row.content };
}

export function toCampaignSteps(row: Omit<CampaignRow, 'content'>): CampaignSteps {
  return {
    id: row.id,
    slug: row.slug,
    state: row.state,
    ...toCampaignTimes(row),
    openedAt: row.opened_at,
    createdBy: row.created_by,
    approvedBy: row.approved_by,
    reach: row.reach,
    postKeyRule: row.post_key_rule,
    settledAt: row.settled_at,
    keysDestroyedAt: row.keys_destroyed_at,
  };
}

/** The columns that say when a campaign takes place. */
export type TimesRow = Pick<
  CampaignRow,
  | 'moment'
  | 'moment_wall'
  | 'moment_zone'
  | 'moment_tzdata'
  | 'moment_kept_against'
  | 'preflight_at'
  | 'lock_at'
  | 'arm_at'
  | 'too_late_at'
>;

export function toCampaignTimes(row: TimesRow): CampaignTimes {
  return {
    moment: {
      wall: row.moment_wall,
      zone: row.moment_zone,
      instant: row.moment,
      tzdata: row.moment_tzdata,
    },
    momentKeptAgainst: row.moment_kept_against,
    preflightAt: row.preflight_at,
    lockAt: row.lock_at,
    armAt: row.arm_at,
    tooLateAt: row.too_late_at,
  };
}
