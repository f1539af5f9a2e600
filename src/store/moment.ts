import { sql } from 'kysely';
import type { CampaignRecord } from './campaign.ts';
import { appendEvent } from './campaign-event.ts';
import { type Db, notify } from './database.ts';

/** Whom a hold names that no person has placed. */
const SELF = 'tocsin';
/** States in which the moment of a campaign is still to come, or its posts are. */
const UNDECIDED = ['in_review', 'open', 'locked', 'firing'] as const;

/**
 * Holds a campaign whose instant is in doubt until a person decides; `reason` replaces that of an older doubt. False when it was
 * held for the same reason already, or is over. In a transaction.
 */
export async function holdMoment(db: Db, campaignId: string, reason: string): Promise<boolean> {
  const result = await sql`
    insert into hold (scope, campaign_id, kind, actor, reason)
    select 'campaign', c.id, 'moment', ${SELF}, ${reason} from campaign c
    where c.id = ${campaignId} and c.state = any(${UNDECIDED}::text[])
    on conflict (target, kind) do update set reason = excluded.reason where hold.reason <> excluded.reason
    returning 1`.execute(db);
  if (result.rows.length === 0) return false;
  const event = {
    action: 'held',
    scope: 'campaign',
    platform: null,
    actor: SELF,
    detail: reason,
  } as const;
  await appendEvent(db, { campaignId }, event);
  await notify(db, 'hold', '');
  return true;
}

/** A campaign as far as its moment is concerned. */
export type MomentRecord = Pick<CampaignRecord, 'id' | 'slug' | 'moment' | 'momentKeptAgainst'>;

/** The moments of all campaigns that wait for approval, are open or locked, however many there are. */
export async function listMoments(db: Db): Promise<MomentRecord[]> {
  const rows = await db
    .selectFrom('campaign')
    .select(['id', 'slug', 'moment', 'moment_wall', 'moment_zone', 'moment_tzdata'])
    .select('moment_kept_against')
    .where('state', 'in', ['in_review', 'open', 'locked'])
    .execute();
  return rows.map((row) => ({
    id: row.id,
    slug: row.slug,
    moment: {
      wall: row.moment_wall,
      zone: row.moment_zone,
      instant: row.moment,
      tzdata: row.moment_tzdata,
    },
    momentKeptAgainst: row.moment_kept_against,
  }));
}

/** Since when campaigns that are open or locked are held because their moment is in doubt. */
export async function listMomentHolds(db: Db): Promise<Date[]> {
  const { rows } = await sql<{ at: Date }>`
    select h.at from hold h join campaign c on c.id = h.campaign_id
    where h.kind = 'moment' and c.state in ('open', 'locked', 'firing')`.execute(db);
  return rows.map(({ at }) => at);
}

/** Whether a campaign waits for a person to decide about its moment. */
export async function isMomentHeld(db: Db, campaignId: string): Promise<boolean> {
  const row = await db
    .selectFrom('hold')
    .select('kind')
    .where('campaign_id', '=', campaignId)
    .where('kind', '=', 'moment')
    .executeTakeFirst();
  return row !== undefined;
}

/**
 * Keeps the stored instant, though the rules gave these answers. False when the moment is not the one that the person saw, or
 * the campaign is over. In a transaction.
 */
export async function keepMoment(
  db: Db,
  { id, moment }: Pick<CampaignRecord, 'id' | 'moment'>,
  against: readonly string[],
): Promise<boolean> {
  const result = await sql`
    update campaign set moment_kept_against = ${JSON.stringify(against)}::jsonb
    where id = ${id} and moment = ${moment.instant} and state = any(${UNDECIDED}::text[])`.execute(
    db,
  );
  return Number(result.numAffectedRows ?? 0n) === 1;
}

/**
 * Moves a campaign to another instant, and by as much all that is reckoned from it: preflight, lock, arming, the end of waiting,
 * reminders, and the shards of a locked campaign. False when the moment is not the one that the person saw, when the campaign is
 * over, or when a post of it has been begun. In a transaction.
 */
export async function moveMoment(
  db: Db,
  { id, moment }: Pick<CampaignRecord, 'id' | 'moment'>,
  to: { instant: Date; tzdata: string },
): Promise<boolean> {
  const shift = sql`make_interval(secs => ${(to.instant.getTime() - moment.instant.getTime()) / 1_000})`;
  const result = await sql`
    update campaign c set moment = ${to.instant}, moment_tzdata = ${to.tzdata}, moment_kept_against = '[]',
      preflight_at = preflight_at + ${shift}, lock_at = lock_at + ${shift}, arm_at = arm_at + ${shift},
      too_late_at = too_late_at + ${shift}
    where id = ${id} and moment = ${moment.instant} and state = any(${UNDECIDED}::text[])
      and not exists (select 1 from delivery d where d.campaign_id = c.id and (d.attempts > 0 or d.state = 'sending'))`.execute(
    db,
  );
  if (Number(result.numAffectedRows ?? 0n) !== 1) return false;
  await sql`update shard set due_at = due_at + ${shift} where campaign_id = ${id}`.execute(db);
  await sql`
    update reminder set due_at = due_at + ${shift} where campaign_id = ${id} and state = 'confirmed'`.execute(
    db,
  );
  return true;
}
