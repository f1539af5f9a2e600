import { type RawBuilder, sql } from 'kysely';
import type { RefusalReason } from '../domain/outcome.ts';
import { UNDER_WAY_STATES } from './campaign-states.ts';
import type { Db } from './connection/database.ts';
import { FINAL_STATES } from './delivery-states.ts';

export interface CredentialRecord {
  id: string;
  pledgeId: string;
  campaignId: string;
  platform: string;
  sealed: Buffer;
}

type Row = {
  id: string;
  pledge_id: string;
  campaign_id: string;
  platform: string;
  sealed: Buffer;
};

const COLUMNS = ['id', 'pledge_id', 'campaign_id', 'platform', 'sealed'] as const;

function toRecord(row: Row): CredentialRecord {
  return {
    id: row.id,
    pledgeId: row.pledge_id,
    campaignId: row.campaign_id,
    platform: row.platform,
    sealed: row.sealed,
  };
}

/**
 * When a credential that comes from a join was looked at: just now, by the join itself; never, for one that ends less than
 * `marginMs` after the moment, so that preflight refreshes it, and without a margin.
 */
export function checkedByJoin(
  expiresAt: Date | null,
  moment: RawBuilder<unknown>,
  marginMs: number | undefined,
) {
  if (marginMs === undefined) return sql<Date | null>`null::timestamptz`;
  return sql<Date | null>`case when ${expiresAt}::timestamptz < ${moment} + ${marginMs} * interval '1 millisecond'
    then null else clock_timestamp() end`;
}

/**
 * Stores the one live credential of a pledge; whatever stood there before is given to the revoker. `marginMs`: as in
 * `checkedByJoin`; without it, nobody has looked at the credential.
 */
export async function replaceCredential(
  db: Db,
  credential: CredentialRecord & { expiresAt: Date | null },
  marginMs?: number,
): Promise<void> {
  const moment = sql`(select moment from campaign where id = ${credential.campaignId})`;
  await retireCredentials(db, credential.pledgeId);
  await db
    .insertInto('credential')
    .values({
      id: credential.id,
      pledge_id: credential.pledgeId,
      campaign_id: credential.campaignId,
      platform: credential.platform,
      state: 'live',
      sealed: credential.sealed,
      expires_at: credential.expiresAt,
      checked_at: checkedByJoin(credential.expiresAt, moment, marginMs),
    })
    .execute();
}

/** Gives every credential of a pledge to the revoker: no part of the product uses it again. */
export async function retireCredentials(db: Db, pledgeId: string): Promise<void> {
  await db
    .updateTable('credential')
    .set({ state: 'revoking', revoke_after: sql`now()` })
    .where('pledge_id', '=', pledgeId)
    .where('state', 'in', ['live', 'dead'])
    .execute();
}

/** Gives the revoker every credential of a campaign whose delivery will not need it any more. Returns how many. */
export async function retireSpentCredentials(
  db: Db,
  campaignId: string,
  settled: boolean,
): Promise<number> {
  const spent = settled ? sql`true` : sql`d.state in (${FINAL_STATES})`;
  const result = await sql`
    update credential c set state = 'revoking', revoke_after = now()
    from delivery d
    where c.campaign_id = ${campaignId} and c.state in ('live', 'dead')
      and d.pledge_id = c.pledge_id and ${spent}`.execute(db);
  return Number(result.numAffectedRows ?? 0n);
}

/**
 * Takes the right to refresh one credential for `holdMs`. Null when somebody else holds it, for this credential or for another
 * one of the same account, or it is not live. A row is the lock, and not an advisory lock, since it has to outlive this
 * connection: a pooler may lend it for one transaction only, and the platform is asked in between.
 *
 * By account and not by grant: networks do not say whether the grants that one account gave an app for two campaigns are one
 * family of tokens or two (X is silent, and in the field one deployment's refresh was seen to kill another's chain).
 */
export async function claimRefresh(
  db: Db,
  pledgeId: string,
  holdMs: number,
): Promise<CredentialRecord | null> {
  const row = await db
    .updateTable('credential')
    .set({ refreshing_until: sql`clock_timestamp() + ${holdMs} * interval '1 millisecond'` })
    .where('pledge_id', '=', pledgeId)
    .where('state', '=', 'live')
    .where(sql<boolean>`(refreshing_until is null or refreshing_until < clock_timestamp())`)
    .returning(COLUMNS)
    .executeTakeFirst();
  if (!row) return null;
  // Both sides raise their flag before they look at the other's, so that two can give way to each other but never both go on.
  if (!(await isAccountHeld(db, row.id))) return toRecord(row);
  await releaseRefresh(db, row.id);
  return null;
}

/** Somebody refreshes another credential of the same account, in another campaign that is under way. */
async function isAccountHeld(db: Db, id: string): Promise<boolean> {
  // One look into the unique index of pledges for each campaign under way, since nothing is indexed by account alone.
  const { rows } = await sql`
    select 1 from credential c
    join pledge mine on mine.id = c.pledge_id
    join campaign on campaign.state in (${UNDER_WAY_STATES}) and campaign.id <> c.campaign_id
    join pledge other on other.campaign_id = campaign.id and other.platform = mine.platform
      and other.account_hash = mine.account_hash
    join credential held on held.pledge_id = other.id and held.state = 'live'
      and held.refreshing_until > clock_timestamp()
    where c.id = ${id} limit 1`.execute(db);
  return rows.length > 0;
}

/**
 * Stores the refreshed pair and gives the right to refresh back. It gets a new id, which is bound into what is sealed: the pair
 * before, put back in its place, does not open.
 */
export async function storeRefreshed(
  db: Db,
  id: string,
  fresh: { id: string; sealed: Buffer; expiresAt: Date | null },
): Promise<void> {
  const { sealed, expiresAt } = fresh;
  await db
    .updateTable('credential')
    .set({
      id: fresh.id,
      sealed,
      expires_at: expiresAt,
      refreshing_until: null,
      // The platform has just taken this grant.
      checked_at: sql`clock_timestamp()`,
      check_after: null,
      check_failures: 0,
    })
    .where('id', '=', id)
    .execute();
}

/** Gives the right to refresh back with nothing changed. */
export async function releaseRefresh(db: Db, id: string): Promise<void> {
  await db.updateTable('credential').set({ refreshing_until: null }).where('id', '=', id).execute();
}

/**
 * The platform does not take this grant any more; one that is given to the revoker stays with it. `reason`: what is the matter
 * with the account; null where connecting again is what helps.
 */
export async function markDead(db: Db, id: string, reason: string | null): Promise<void> {
  await db
    .updateTable('credential')
    .set({
      state: sql`case state when 'live' then 'dead' else state end`,
      dead_reason: reason,
      refreshing_until: null,
    })
    .where('id', '=', id)
    .execute();
}

/**
 * SQL: why a post is refused whose pledge, by the column that has its id, has no live credential: what its network said of the
 * account when the credential died, or else that its owner has to connect again.
 */
export function deadReasonOf(pledgeId: string) {
  return sql`coalesce((select c.dead_reason from credential c
    where c.pledge_id = ${sql.ref(pledgeId)} and c.state = 'dead' limit 1), ${'reauthorize' satisfies RefusalReason})`;
}

/** Why the credential of a pledge is dead; null where it is not, or no more is known. */
export async function findDeadReason(db: Db, pledgeId: string): Promise<string | null> {
  const row = await db
    .selectFrom('credential')
    .select('dead_reason')
    .where('pledge_id', '=', pledgeId)
    .where('state', '=', 'dead')
    .executeTakeFirst();
  return row?.dead_reason ?? null;
}

/** Live credentials of these pledges, as they are now. */
export async function findLiveCredentials(
  db: Db,
  pledgeIds: readonly string[],
): Promise<CredentialRecord[]> {
  if (pledgeIds.length === 0) return [];
  const rows = await db
    .selectFrom('credential')
    .select(COLUMNS)
    .where(sql<boolean>`pledge_id = any(${pledgeIds}::uuid[])`)
    .where('state', '=', 'live')
    .execute();
  return rows.map(toRecord);
}

/**
 * Due for the revoker. One that is being refreshed waits for its new pair: revoking the old one would leave a grant behind
 * that nobody knows of.
 */
const REVOCABLE = sql`state = 'revoking' and revoke_after <= now()
  and (refreshing_until is null or refreshing_until < clock_timestamp())`;

/** Takes up to `limit` credentials to revoke, and keeps them from others for `holdMs`, and twice as long after each attempt. */
export async function claimRevoking(
  db: Db,
  limit: number,
  holdMs: number,
): Promise<(CredentialRecord & { attempts: number })[]> {
  const result = await sql<Row & { revoke_attempts: number }>`
    update credential set revoke_attempts = revoke_attempts + 1,
      revoke_after = now() + ${holdMs} * power(2, revoke_attempts) * interval '1 millisecond'
    where id in (
      select id from credential where ${REVOCABLE}
      order by revoke_after limit ${limit} for update skip locked)
    returning id, pledge_id, campaign_id, platform, sealed, revoke_attempts`.execute(db);
  return result.rows.map((row) => ({ ...toRecord(row), attempts: row.revoke_attempts }));
}

/** Whether a live credential of an account is needed still: by a pledge in this campaign, or in another that is under way. */
export async function isAccountNeeded(
  db: Db,
  { campaignId, platform, accountHash }: AccountIn,
): Promise<boolean> {
  // As in isAccountHeld: nothing is indexed by account alone.
  const { rows } = await sql`
    select 1 from campaign
    join pledge other on other.campaign_id = campaign.id and other.platform = ${platform}
      and other.account_hash = ${accountHash}
    join credential needed on needed.pledge_id = other.id and needed.state = 'live'
    where campaign.id = ${campaignId} or campaign.state in (${UNDER_WAY_STATES}) limit 1`.execute(
    db,
  );
  return rows.length > 0;
}

/** Whether a live credential of any account of this platform is needed by a campaign that is under way. */
export async function isAnyAccountNeeded(db: Db, platform: string): Promise<boolean> {
  // Through the campaigns, of which few are under way.
  const { rows } = await sql`
    select 1 from campaign
    join pledge on pledge.campaign_id = campaign.id and pledge.platform = ${platform}
    join credential on credential.pledge_id = pledge.id and credential.state = 'live'
    where campaign.state in (${UNDER_WAY_STATES}) limit 1`.execute(db);
  return rows.length > 0;
}

/** An account, by the hash under which it is kept, seen from one campaign. */
export interface AccountIn {
  campaignId: string;
  platform: string;
  accountHash: Buffer;
}

/** The hash of the account behind a pledge; null when the pledge has been erased. */
export async function findAccountHash(db: Db, pledgeId: string): Promise<Buffer | null> {
  const row = await db
    .selectFrom('pledge')
    .select('account_hash')
    .where('id', '=', pledgeId)
    .executeTakeFirst();
  return row?.account_hash ?? null;
}

/** True when there is something for the revoker to do now. */
export async function hasRevoking(db: Db): Promise<boolean> {
  const result = await sql`
    select 1 from credential where ${REVOCABLE} limit 1`.execute(db);
  return result.rows.length > 0;
}

/** Destroys a credential: the row goes, and with it the only copy of its data key. */
export async function destroyCredential(db: Db, id: string): Promise<void> {
  await db.deleteFrom('credential').where('id', '=', id).execute();
}
