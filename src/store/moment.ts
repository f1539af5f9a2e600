import { sql } from 'kysely';
import { AHEAD } from '../domain/campaign.ts';
import { SELF_ACTOR } from '../domain/hold.ts';
import { type CampaignRecord, type CampaignTimes, toCampaignTimes } from './campaign.ts';
import { appendEvent } from './campaign-event.ts';
import { HOLDABLE_STATES, UNDER_WAY_STATES } from './campaign-states.ts';
import { type Db, notify } from './connection/database.ts';

/**
 * Holds a campaign whose instant is in doubt until a person decides; `reason` replaces that of an older doubt. False when it was
 * held for the same reason already, or is over. In a transaction.
 */
export async function holdMoment(db: Db, campaignId: string, reason: string): Promise<boolean> {
  const result = await sql`
    insert into hold (scope, campaign_id, kind, actor, reason)
    select 'campaign', c.id, 'moment', ${SELF_ACTOR}, ${reason} from campaign c
    where c.id = ${campaignId} and c.state in (${HOLDABLE_STATES})
    on conflict (target, kind) do update set reason = excluded.reason where hold.reason <> excluded.reason
    returning 1`.execute(db);
  if (result.rows.length === 0) return false;
  const event = {
    action: 'held',
    scope: 'campaign',
    platform: null,
    actor: SELF_ACTOR,
    detail: reason,
  } as const;
  await appendEvent(db, { campaignId }, event);
  await notify(db, 'hold', '');
  return true;
}

/** A campaign as far as its moment is concerned. */
export type MomentRecord = CampaignTimes & Pick<CampaignRecord, 'id' | 'slug'>;

/** The moments of all campaigns that wait for approval, are open or locked, however many there are. */
export async function listMoments(db: Db): Promise<MomentRecord[]> {
  const rows = await db
    .selectFrom('campaign')
    .select(['id', 'slug', 'moment', 'moment_wall', 'moment_zone', 'moment_tzdata'])
    .select(['moment_kept_against', 'preflight_at', 'lock_at', 'arm_at', 'too_late_at'])
    .where('state', 'in', ['in_review', ...AHEAD])
    .execute();
  return rows.map((row) => ({ id: row.id, slug: row.slug, ...toCampaignTimes(row) }));
}

/** Since when campaigns that are open or locked are held because their moment is in doubt. */
export async function listMomentHolds(db: Db): Promise<Date[]> {
  const { rows } = await sql<{ at: Date }>`
    select h.at from hold h join campaign c on c.id = h.campaign_id
    where h.kind = 'moment' and c.state in (${UNDER_WAY_STATES})`.execute(db);
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
 * Gives a campaign these times, and with them its reminders and what is to be sent of it. False when its instant is not `seen`, the
 * one that the person saw; when it is over; or, with `unbegun`, when a post of it has been begun. In a transaction, which seals
 * them afterwards (`sealTimes`).
 */
export async function writeTimes(
  db: Db,
  { id, seen, unbegun }: { id: string; seen: Date; unbegun: boolean },
  times: CampaignTimes,
): Promise<boolean> {
  const { instant, wall, zone, tzdata } = times.moment;
  const begun = sql`exists (
    select 1 from delivery d where d.campaign_id = c.id and (d.attempts > 0 or d.state = 'sending'))`;
  const result = await sql`
    update campaign c set moment = ${instant}, moment_wall = ${wall}, moment_zone = ${zone},
      moment_tzdata = ${tzdata}, moment_kept_against = ${JSON.stringify(times.momentKeptAgainst)}::jsonb,
      preflight_at = ${times.preflightAt}, lock_at = ${times.lockAt}, arm_at = ${times.armAt},
      too_late_at = ${times.tooLateAt}
    where id = ${id} and date_trunc('milliseconds', moment) = ${seen} and state in (${HOLDABLE_STATES})
      and not (${unbegun} and ${begun})`.execute(db);
  if (Number(result.numAffectedRows ?? 0n) !== 1) return false;
  // What is due already is being sent, or waits for the end of a hold.
  await sql`
    update shard set due_at = ${instant} where campaign_id = ${id} and not done
      and (due_at > clock_timestamp() or due_at < ${instant})`.execute(db);
  await sql`
    update reminder set due_at = ${instant} where campaign_id = ${id} and state = 'confirmed'`.execute(
    db,
  );
  return true;
}
