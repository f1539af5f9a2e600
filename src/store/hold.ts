import { sql } from 'kysely';
import type { Db } from './database.ts';

/** What an order of an operator can be about. */
export type StopScope = 'campaign' | 'platform' | 'instance';
/** A host alone is only held by us, for its own answers. */
export type HoldScope = StopScope | 'host';
export type HoldKind = 'paused' | 'broken' | 'throttled';

/** Something that may not be sent now, and who said so. */
export interface Hold {
  scope: HoldScope;
  /** A campaign's id, a platform's name, `platform/host`, or '' for the instance. */
  subject: string;
  kind: HoldKind;
  actor: string;
  reason: string;
  /** It ends by itself then; null: only when somebody resumes. */
  until: Date | null;
}

/** SQL condition: what a row of this table (with campaign_id, platform and host) stands for is held now. */
export function isHeld(table: string) {
  const column = (name: string) => sql.ref(`${table}.${name}`);
  return sql`exists (select 1 from hold h
    where (h.until is null or h.until > clock_timestamp())
      and (h.scope = 'instance'
        or (h.scope = 'platform' and h.subject = ${column('platform')})
        or (h.scope = 'host' and h.subject = ${column('platform')} || '/' || ${column('host')})
        or (h.scope = 'campaign' and h.subject = ${column('campaign_id')}::text)))`;
}

/** The subject of a host's hold. */
export function hostSubject(platform: string, host: string): string {
  return `${platform}/${host}`;
}

/** Places a hold, for all workers at once. False when the same stood already; a later end is taken over. */
export async function placeHold(db: Db, hold: Hold): Promise<boolean> {
  const result = await sql<{ fresh: boolean }>`
    insert into hold (scope, subject, kind, actor, reason, until)
    values (${hold.scope}, ${hold.subject}, ${hold.kind}, ${hold.actor}, ${hold.reason}, ${hold.until})
    on conflict (scope, subject, kind) do update set
      until = case when hold.until is null or excluded.until is null then null
        else greatest(hold.until, excluded.until) end
    returning (xmax = 0) as fresh`.execute(db);
  return result.rows[0]?.fresh ?? false;
}

/** Lifts the holds of these kinds; of a platform, those of its hosts too. Returns how many there were. */
export async function liftHolds(
  db: Db,
  scope: HoldScope,
  subject: string,
  kinds: readonly HoldKind[],
): Promise<number> {
  const result = await sql`
    delete from hold where kind = any(${kinds}::text[])
      and ((scope = ${scope} and subject = ${subject})
        or (${scope} = 'platform' and scope = 'host' and starts_with(subject, ${subject} || '/')))`.execute(
    db,
  );
  return Number(result.numAffectedRows ?? 0n);
}

/** Every hold that stands now. */
export async function listHolds(db: Db): Promise<(Hold & { at: Date })[]> {
  const result = await sql<Hold & { at: Date }>`
    select scope, subject, kind, actor, reason, at, until from hold
    where until is null or until > clock_timestamp() order by at`.execute(db);
  return result.rows;
}

/** A hold as people are told of it. */
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

/** What a hold may bear on: a campaign (by id) is held by its platforms' and the instance's holds, too. */
export type HoldTarget = { scope: HoldScope; subject: string };

/** The holds that stand now and bear on `target`, or all of them; the oldest first. Those of campaigns that are over are not told. */
export async function listStandingHolds(db: Db, target?: HoldTarget): Promise<StandingHold[]> {
  const result = await sql<StandingHold>`
    select h.scope, coalesce(c.slug, nullif(split_part(h.subject, '/', 1), ''), 'instance') as subject,
      h.kind, h.actor, h.reason, h.at, h.until
    from hold h left join campaign c on h.scope = 'campaign' and c.id::text = h.subject
    where (h.until is null or h.until > clock_timestamp())
      and (h.scope <> 'campaign' or c.state in ('in_review', 'open', 'locked', 'firing'))
      and ${target ? bearsOn(target) : sql`true`}
    order by h.at, h.scope, h.subject`.execute(db);
  return result.rows;
}

function bearsOn({ scope, subject }: HoldTarget) {
  switch (scope) {
    case 'instance':
      return sql`h.scope = 'instance'`;
    case 'platform':
      return sql`(h.scope = 'instance'
        or (h.scope in ('platform', 'host') and split_part(h.subject, '/', 1) = ${subject}))`;
    case 'host':
      return sql`(h.scope = 'instance' or (h.scope = 'platform' and h.subject = split_part(${subject}, '/', 1))
        or (h.scope = 'host' and h.subject = ${subject}))`;
    case 'campaign':
      return sql`(h.scope = 'instance' or (h.scope = 'campaign' and h.subject = ${subject})
        or (h.scope in ('platform', 'host') and exists (
          select 1 from pledge p where p.campaign_id = ${subject}::uuid
            and h.subject in (p.platform, p.platform || '/' || p.host))))`;
  }
}
