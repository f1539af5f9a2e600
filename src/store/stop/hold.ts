import { sql } from 'kysely';
import type { Hold, HoldKind, HoldScope, HoldTarget } from '../../domain/hold.ts';
import { HOLDABLE_STATES } from '../campaign-states.ts';
import type { Db } from '../connection/database.ts';

/** SQL condition: a row of this table (with campaign_id, platform and host) is held now. */
export function isOnHold(table: string) {
  const column = (name: string) => sql.ref(`${table}.${name}`);
  return sql`exists (select 1 from hold h
    where (h.until is null or h.until > clock_timestamp())
      and (h.scope = 'instance'
        or (h.scope = 'platform' and h.platform = ${column('platform')})
        or (h.scope = 'host' and h.platform = ${column('platform')} and h.host = ${column('host')})
        or (h.scope = 'campaign' and h.campaign_id = ${column('campaign_id')})))`;
}

/** A target as the columns of `hold` have it. */
export interface TargetColumns {
  campaign_id: string | null;
  platform: string | null;
  host: string | null;
}

/** The columns of a target; what it does not name is null. */
export function targetColumns(target: HoldTarget): TargetColumns {
  const none = { campaign_id: null, platform: null, host: null };
  switch (target.scope) {
    case 'instance':
      return none;
    case 'platform':
      return { ...none, platform: target.platform };
    case 'host':
      return { ...none, platform: target.platform, host: target.host };
    case 'campaign':
      return { ...none, campaign_id: target.campaignId };
  }
}

/**
 * Places a hold, for all workers at once. False when the same stood already; a later end is taken over, and the time of a restore, since
 * a backup may have been made while sending was held after an earlier one.
 */
export async function placeHold(db: Db, hold: Hold): Promise<boolean> {
  const { campaign_id, platform, host } = targetColumns(hold);
  const result = await sql<{ fresh: boolean }>`
    insert into hold (scope, campaign_id, platform, host, kind, actor, reason, until)
    values (${hold.scope}, ${campaign_id}, ${platform}, ${host}, ${hold.kind}, ${hold.actor}, ${hold.reason}, ${hold.until})
    on conflict (target, kind) do update set
      at = case when hold.kind = 'restored' then clock_timestamp() else hold.at end,
      until = case when hold.until is null or excluded.until is null then null
        else greatest(hold.until, excluded.until) end
    returning (xmax = 0) as fresh`.execute(db);
  return result.rows[0]?.fresh ?? false;
}

/** Lifts the holds of these kinds; of a platform, those of its hosts too. Returns how many there were. */
export async function liftHolds(
  db: Db,
  target: HoldTarget,
  kinds: readonly HoldKind[],
): Promise<number> {
  const { campaign_id, platform, host } = targetColumns(target);
  const result = await sql`
    delete from hold h where h.kind = any(${kinds}::text[])
      and ((h.scope = ${target.scope} and h.campaign_id is not distinct from ${campaign_id}::uuid
          and h.platform is not distinct from ${platform}::text and h.host is not distinct from ${host}::text)
        or (${target.scope} = 'platform' and h.scope = 'host' and h.platform = ${platform}::text))`.execute(
    db,
  );
  return Number(result.numAffectedRows ?? 0n);
}

type HoldRow = TargetColumns &
  Pick<Hold, 'scope' | 'kind' | 'actor' | 'reason' | 'until'> & { at: Date };

function toTarget({ scope, campaign_id, platform, host }: HoldRow): HoldTarget {
  switch (scope) {
    case 'instance':
      return { scope };
    case 'platform':
      return { scope, platform: platform ?? '' };
    case 'host':
      return { scope, platform: platform ?? '', host: host ?? '' };
    case 'campaign':
      return { scope, campaignId: campaign_id ?? '' };
  }
}

/** Every hold that stands now, the oldest first. */
export async function listHolds(db: Db): Promise<(Hold & { at: Date })[]> {
  const { rows } = await sql<HoldRow>`
    select scope, campaign_id, platform, host, kind, actor, reason, at, until from hold
    where until is null or until > clock_timestamp() order by at`.execute(db);
  return rows.map((row) => {
    const { kind, actor, reason, at, until } = row;
    return { ...toTarget(row), kind, actor, reason, at, until };
  });
}

/** A hold as it is shown to people. */
export interface StandingHold {
  scope: HoldScope;
  /** A campaign's slug, a platform's name (of a host: that of its platform), or `instance`. */
  subject: string;
  kind: HoldKind;
  actor: string;
  reason: string;
  at: Date;
  until: Date | null;
}

/**
 * The holds that stand now and bear on `target`, or all of them; the oldest first. A campaign is held by the holds of its
 * platforms and of the instance, too. Holds of campaigns that are over are left out.
 */
export async function listStandingHolds(db: Db, target?: HoldTarget): Promise<StandingHold[]> {
  const result = await sql<StandingHold>`
    select h.scope, coalesce(c.slug, h.campaign_id::text, h.platform, 'instance') as subject,
      h.kind, h.actor, h.reason, h.at, h.until
    from hold h left join campaign c on c.id = h.campaign_id
    where (h.until is null or h.until > clock_timestamp())
      and (h.scope <> 'campaign' or c.state in (${HOLDABLE_STATES}))
      and ${target ? bearsOn(target) : sql`true`}
    order by h.at, h.scope, h.target`.execute(db);
  return result.rows;
}

function bearsOn(target: HoldTarget) {
  switch (target.scope) {
    case 'instance':
      return sql`h.scope = 'instance'`;
    case 'platform':
      return sql`(h.scope = 'instance'
        or (h.scope in ('platform', 'host') and h.platform = ${target.platform}))`;
    case 'host':
      return sql`(h.scope = 'instance' or (h.platform = ${target.platform}
        and (h.scope = 'platform' or (h.scope = 'host' and h.host = ${target.host}))))`;
    case 'campaign':
      return sql`(h.scope = 'instance' or (h.scope = 'campaign' and h.campaign_id = ${target.campaignId}::uuid)
        or (h.scope in ('platform', 'host') and exists (
          select 1 from pledge p where p.campaign_id = ${target.campaignId}::uuid
            and h.platform = p.platform and (h.scope = 'platform' or h.host = p.host))))`;
  }
}
