import { type Selectable, sql } from 'kysely';
import type { DeliveryState } from '../domain/delivery.ts';
import type { Db } from './connection/database.ts';
import { checkedByJoin } from './credential.ts';
import type { PledgeTable } from './schema.ts';

export type PledgeRecord = Selectable<PledgeTable>;

export interface NewPledge {
  id: string;
  campaignId: string;
  receiptId: string;
  platform: string;
  accountHash: Buffer;
  /** See `hashedUnder` of the vault: the account's hash is what it was when it was made. */
  hashedUnder: string;
  /** See sealed-pledge.ts. */
  sealed: Buffer;
  /** Where its post goes: a name, or a hash of one. */
  host: string;
  consentedAt: Date;
}

/**
 * Stores a pledge with its credential, whole or not at all, while the campaign is open. In one statement, so that no other
 * work of the database waits for us in the middle. False when the campaign has closed, when this account has pledged
 * and not withdrawn, or when hashes have been covered anew meanwhile. `marginMs`: as in
 * `replaceCredential`.
 */
export async function insertPledge(
  db: Db,
  pledge: NewPledge,
  credential: { id: string; sealed: Buffer; expiresAt: Date | null },
  marginMs: number | undefined,
): Promise<boolean> {
  const result = await sql`
    with target as (
      -- Held against the lock: this pledge is before it or after it, never in its midst.
      select id, moment from campaign
      where id = ${pledge.campaignId} and state = 'open' and lock_at > clock_timestamp() for share
    ), hashed as (
      select 1 from master_key where id = ${pledge.hashedUnder} for share
    ), made as (
      insert into pledge (id, campaign_id, receipt_id, platform, account_hash, sealed, host, state, consented_at)
      select ${pledge.id}, target.id, ${pledge.receiptId}, ${pledge.platform}, ${pledge.accountHash}, ${pledge.sealed},
        ${pledge.host}, 'active', ${pledge.consentedAt}::timestamptz
      from target, hashed
      on conflict (campaign_id, platform, account_hash) do nothing
      returning id, campaign_id, platform
    )
    insert into credential (id, pledge_id, campaign_id, platform, state, sealed, expires_at, checked_at)
    select ${credential.id}, made.id, made.campaign_id, made.platform, 'live', ${credential.sealed},
      ${credential.expiresAt}::timestamptz, ${checkedByJoin(credential.expiresAt, sql.ref('target.moment'), marginMs)}
    from made, target`.execute(db);
  return Number(result.numAffectedRows ?? 0n) === 1;
}

/** The pledge that a credential was stored for; null where it was not, or has been destroyed. */
export async function findPledgeByCredential(
  db: Db,
  credentialId: string,
): Promise<{ id: string; receiptId: string } | null> {
  const found = await db
    .selectFrom('credential')
    .innerJoin('pledge', 'pledge.id', 'credential.pledge_id')
    .select(['pledge.id', 'pledge.receipt_id as receiptId'])
    .where('credential.id', '=', credentialId)
    .executeTakeFirst();
  return found ?? null;
}

/** Puts a new consent in the place of the old one. False when the pledge is not active. The campaign is open, and held so. */
export async function changeConsent(db: Db, id: string, consent: ConsentChange): Promise<boolean> {
  const result = await db
    .updateTable('pledge')
    .set(toConsentColumns(consent))
    .where('id', '=', id)
    .where('state', '=', 'active')
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** What somebody agreed to, sealed for the pledge that it is the consent of. */
export type ConsentChange = Pick<NewPledge, 'sealed' | 'consentedAt'>;

function toConsentColumns({ sealed, consentedAt }: ConsentChange) {
  return { sealed, consented_at: consentedAt };
}

export async function findPledgeByAccount(
  db: Db,
  campaignId: string,
  platform: string,
  accountHash: Buffer,
): Promise<PledgeRecord | null> {
  const row = await db
    .selectFrom('pledge')
    .selectAll()
    .where('campaign_id', '=', campaignId)
    .where('platform', '=', platform)
    .where('account_hash', '=', accountHash)
    .executeTakeFirst();
  return row ?? null;
}

/** Whether an account has pledged in any campaign and not withdrawn. */
export async function isPledged(db: Db, platform: string, accountHash: Buffer): Promise<boolean> {
  const row = await db
    .selectFrom('pledge')
    .select('id')
    .where('platform', '=', platform)
    .where('account_hash', '=', accountHash)
    .where('state', '=', 'active')
    .executeTakeFirst();
  return row !== undefined;
}

/** A pledge with what became of its delivery, if it has one yet. */
export type PledgeWithDelivery = PledgeRecord & {
  /** Its grant is live. */
  able: boolean;
  /** The keys of its campaign are destroyed: its receipt has ended. */
  ended: boolean;
  /**
   * What is the matter with the account, where its network says so: of a credential that is dead, or of one that is live but may
   * not post for now.
   */
  dead_reason: string | null;
  delivery_state: DeliveryState | null;
  delivery_reason: string | null;
  delivery_id: string | null;
  /** See sealed-post.ts. */
  delivery_sealed: Buffer | null;
  delivery_sent_at: Date | null;
  /** An attempt was begun. */
  delivery_tried: boolean;
  /** When its turn comes again; null where nothing comes by itself. */
  delivery_due_at: Date | null;
};

export async function findPledge(db: Db, id: string): Promise<PledgeWithDelivery | null> {
  const row = await withDelivery(db).where('pledge.id', '=', id).executeTakeFirst();
  return row ?? null;
}

/** Holds the pledge's row still for the rest of the transaction. */
export async function lockPledge(db: Db, id: string): Promise<void> {
  await db.selectFrom('pledge').select('id').where('id', '=', id).forUpdate().execute();
}

/** The pledges on a receipt, the first one first. */
export async function listPledges(db: Db, receiptId: string): Promise<PledgeWithDelivery[]> {
  return withDelivery(db)
    .where('pledge.receipt_id', '=', receiptId)
    .orderBy('pledge.consented_at')
    .orderBy('pledge.id')
    .execute();
}

function withDelivery(db: Db) {
  return db
    .selectFrom('pledge')
    .leftJoin('delivery', 'delivery.pledge_id', 'pledge.id')
    .selectAll('pledge')
    .select([
      'delivery.state as delivery_state',
      'delivery.reason as delivery_reason',
      'delivery.id as delivery_id',
      'delivery.sealed as delivery_sealed',
      'delivery.sent_at as delivery_sent_at',
      'delivery.due_at as delivery_due_at',
      sql<boolean>`coalesce(delivery.attempts > 0, false)`.as('delivery_tried'),
      sql<boolean>`exists (select 1 from credential c
        where c.pledge_id = pledge.id and c.state = 'live')`.as('able'),
      sql<boolean>`exists (select 1 from campaign c
        where c.id = pledge.campaign_id and c.keys_destroyed_at is not null)`.as('ended'),
      sql<string | null>`(select c.dead_reason from credential c
        where c.pledge_id = pledge.id and c.state in ('live', 'dead') limit 1)`.as('dead_reason'),
    ]);
}

/** Withdraws an active pledge. False when it was not active. */
export async function withdrawPledgeRow(db: Db, id: string): Promise<boolean> {
  const result = await db
    .updateTable('pledge')
    .set({ state: 'withdrawn', withdrawn_at: sql`clock_timestamp()` })
    .where('id', '=', id)
    .where('state', '=', 'active')
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

export async function countActivePledges(db: Db, campaignId: string): Promise<number> {
  const row = await sql<{ count: number }>`
    select count(*)::int as count from pledge
    where campaign_id = ${campaignId} and state = 'active'`.execute(db);
  return row.rows[0]?.count ?? 0;
}

/** Those among them that were made until then. */
export async function countPledgesUntil(db: Db, campaignId: string, until: Date): Promise<number> {
  const row = await sql<{ count: number }>`
    select count(*)::int as count from pledge
    where campaign_id = ${campaignId} and state = 'active' and consented_at <= ${until}`.execute(
    db,
  );
  return row.rows[0]?.count ?? 0;
}

/** The active pledges of each of these campaigns, counted in one query; a campaign that has none is not in it. */
export async function countPledges(
  db: Db,
  campaignIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<{ id: string; count: number }>`
    select campaign_id as id, count(*)::int as count from pledge
    where campaign_id = any(${campaignIds}::uuid[]) and state = 'active' group by campaign_id`.execute(
    db,
  );
  return new Map(rows.map(({ id, count }) => [id, count]));
}

/** What opens a pledge. */
export interface SealedPledge {
  id: string;
  campaignId: string;
  platform: string;
  consentedAt: Date;
  sealed: Buffer;
}

/** The active ones among these. */
export async function listActivePledges(db: Db, ids: readonly string[]): Promise<SealedPledge[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<SealedPledge>`
    select id, campaign_id as "campaignId", platform, consented_at as "consentedAt", sealed
    from pledge where id = any(${ids}::uuid[]) and state = 'active'`.execute(db);
  return rows;
}

/** Keeps what a consent holds sealed anew, while it is still that consent; false when it is not. */
export async function resealPledge(
  db: Db,
  { id, consentedAt, sealed }: Pick<SealedPledge, 'id' | 'consentedAt' | 'sealed'>,
): Promise<boolean> {
  const result = await db
    .updateTable('pledge')
    .set({ sealed })
    .where('id', '=', id)
    .where('state', '=', 'active')
    .where('consented_at', '=', consentedAt)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** Pledges whose posts went out, by id; at most `limit` of those after `after`. */
export async function listPostedPledges(
  db: Db,
  campaignId: string,
  { after, limit }: { after: string | null; limit: number },
): Promise<SealedPledge[]> {
  const { rows } = await sql<SealedPledge>`
    select p.id, p.campaign_id as "campaignId", p.platform, p.consented_at as "consentedAt", p.sealed
    from pledge p join delivery d on d.pledge_id = p.id
    where p.campaign_id = ${campaignId} and d.state = 'posted' and not p.erased
      and (${after}::uuid is null or p.id > ${after}::uuid)
    order by p.id limit ${limit}`.execute(db);
  return rows;
}
