import { sql } from 'kysely';
import type { RefusalReason } from '../domain/outcome.ts';
import type { Db } from './connection/database.ts';
import type { CredentialRecord } from './credential.ts';

/** A credential that somebody is about to look at. */
export interface UncheckedCredential extends CredentialRecord {
  expiresAt: Date | null;
  /** How often in a row there was no answer that says anything. */
  failures: number;
  /** Its network did not let the account post when it was looked at last. */
  barred: boolean;
}

/** What looking at a credential came to; one found dead is marked so at once, and is not among these. */
export type CheckResult =
  | { id: string; kind: 'alive' }
  /** The network does not let the account post for now, for this reason: not again before then. */
  | { id: string; kind: 'barred'; reason: RefusalReason; after: Date }
  /** No answer that says anything: not again before then. */
  | { id: string; kind: 'failed'; after: Date }
  /** Not looked at, or nothing to do with it. */
  | { id: string; kind: 'left'; after: Date | null };

const isFree = sql`(check_after is null or check_after <= clock_timestamp())`;

/**
 * Takes up to `limit` live credentials of a campaign that were not looked at since `since`, those never looked at first, and
 * keeps them from others for `holdMs`. Two branches, since one condition with `or` could not go along the index.
 */
export async function claimUnchecked(
  db: Db,
  of: { campaignId: string; platform: string; since: Date; limit: number; holdMs: number },
): Promise<UncheckedCredential[]> {
  const mine = sql`campaign_id = ${of.campaignId} and platform = ${of.platform}
    and state = 'live' and ${isFree}`;
  const { rows } = await sql<UncheckedCredential>`
    with due as (
      (select id from credential where ${mine} and checked_at is null limit ${of.limit})
      union all
      (select id from credential where ${mine} and checked_at < ${of.since}
        order by checked_at limit ${of.limit})
      limit ${of.limit}
    )
    update credential c set check_after = clock_timestamp() + ${of.holdMs} * interval '1 millisecond'
    from due where c.id = due.id and c.state = 'live'
      and (c.check_after is null or c.check_after <= clock_timestamp())
    returning c.id, c.pledge_id as "pledgeId", c.campaign_id as "campaignId", c.platform, c.sealed,
      c.expires_at as "expiresAt", c.check_failures as failures,
      c.dead_reason is not null as barred`.execute(db);
  return rows;
}

/** Whether there is something to look at now: on one of these platforms, that nobody is at and that need not be left alone. */
export async function hasUnchecked(
  db: Db,
  of: { campaignId: string; platforms: readonly string[]; since: Date },
): Promise<boolean> {
  const mine = sql`c.campaign_id = ${of.campaignId} and c.state = 'live' and ${isFree}
    and c.platform = any(${of.platforms}::text[])
    and not exists (select 1 from preflight_turn t where t.platform = c.platform
      and (t.held_until > clock_timestamp() or t.quiet_until > clock_timestamp()))`;
  const { rows } = await sql`
    (select 1 from credential c where ${mine} and c.checked_at is null limit 1)
    union all
    (select 1 from credential c where ${mine} and c.checked_at < ${of.since} limit 1)
    limit 1`.execute(db);
  return rows.length > 0;
}

/** Writes down a page of results in one statement. */
export async function recordChecks(db: Db, results: readonly CheckResult[]): Promise<void> {
  if (results.length === 0) return;
  const ids = results.map((result) => result.id);
  const kinds = results.map((result) => result.kind);
  const after = results.map((result) => (result.kind === 'alive' ? null : result.after));
  const reasons = results.map((result) => (result.kind === 'barred' ? result.reason : null));
  await sql`
    update credential c set
      -- One that is barred is not done with in any round.
      checked_at = case r.kind when 'alive' then clock_timestamp() when 'barred' then null else c.checked_at end,
      check_after = r.after,
      check_failures = case r.kind when 'failed' then c.check_failures + 1 when 'left' then c.check_failures
        else 0 end,
      dead_reason = case r.kind when 'alive' then null when 'barred' then r.reason else c.dead_reason end
    from unnest(${ids}::uuid[], ${kinds}::text[], ${after}::timestamptz[], ${reasons}::text[])
      as r (id, kind, after, reason)
    where c.id = r.id and c.state = 'live'`.execute(db);
}

/** How ready the pledges of a campaign are, in numbers. */
export interface ReadyCounts {
  pledges: number;
  /** Live, and looked at since preflight began; before that, ever. */
  ready: number;
  /** Pledges without a live credential: their owners have to connect again. */
  dead: number;
  /** Live, but their network does not let their accounts post for now. */
  barred: number;
  unchecked: number;
}

/** `since`: when preflight began; null while it has not. */
export async function countReady(
  db: Db,
  campaignId: string,
  since: Date | null,
): Promise<ReadyCounts> {
  const { rows } = await sql<{ pledges: number; live: number; barred: number; ready: number }>`
    select
      (select count(*)::int from pledge where campaign_id = ${campaignId} and state = 'active') as pledges,
      count(*)::int as live,
      count(*) filter (where dead_reason is not null)::int as barred,
      count(*) filter (where dead_reason is null and checked_at >= coalesce(${since}::timestamptz, '-infinity'))::int as ready
    from credential where campaign_id = ${campaignId} and state = 'live'`.execute(db);
  const { pledges = 0, live = 0, barred = 0, ready = 0 } = rows[0] ?? {};
  const unchecked = live - ready - barred;
  return { pledges, ready, dead: Math.max(0, pledges - live), barred, unchecked };
}
