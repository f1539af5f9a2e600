import { sql } from 'kysely';
import type { Db } from './connection/database.ts';
import type { FlowEnd } from './schema.ts';
import type { SealContext } from './vault/seal-context.ts';

export interface NewOauthFlow {
  stateHash: Buffer;
  browserHash: Buffer;
  campaignId: string;
  /** The words it is about, and the receipt that a pledge will stand on. */
  intentId: string;
  platform: string;
  /** Sealed for {@link flowSealContext}. */
  sealed: Buffer;
  lifeMs: number;
}

export interface OauthFlow {
  /** The campaign could be joined when the flow was used. */
  joinable: boolean;
  campaignId: string;
  intentId: string;
  platform: string;
  /** Sealed for {@link flowSealContext}. */
  sealed: Buffer;
}

/** Where what a flow is about is sealed for. */
export function flowSealContext(
  flow: { campaignId: string; platform: string },
  stateHash: Buffer,
): SealContext {
  const { campaignId, platform } = flow;
  return { column: 'oauth_flow.sealed', campaignId, platform, rowId: stateHash.toString('hex') };
}

export async function insertOauthFlow(db: Db, flow: NewOauthFlow): Promise<void> {
  await db
    .insertInto('oauth_flow')
    .values({
      state_hash: flow.stateHash,
      browser_hash: flow.browserHash,
      campaign_id: flow.campaignId,
      intent_id: flow.intentId,
      platform: flow.platform,
      sealed: flow.sealed,
      expires_at: sql`clock_timestamp() + ${flow.lifeMs} * interval '1 millisecond'`,
    })
    .execute();
}

/**
 * Uses a flow up, once, for the browser it was made for. Null when it is not there to be used. Its commit does not wait for the
 * disk: should the database crash in that half second, the flow can be used again, and the platform refuses its code.
 */
export async function useOauthFlow(
  db: Db,
  stateHash: Buffer,
  browserHash: Buffer,
  useId: string,
): Promise<OauthFlow | null> {
  const row = await db
    .updateTable('oauth_flow')
    .from(sql<{ off: string }>`(select set_config('synchronous_commit', 'off', true))`.as('off'))
    .set({ used_at: sql`coalesce(used_at, clock_timestamp())`, use_id: useId })
    .where('state_hash', '=', stateHash)
    .where('browser_hash', '=', browserHash)
    .where((eb) => eb.or([eb('used_at', 'is', null), eb('use_id', '=', useId)]))
    .where('expires_at', '>', sql<Date>`clock_timestamp()`)
    .returning(['campaign_id', 'intent_id', 'platform', 'sealed'])
    .returning(
      sql<boolean>`(select c.state = 'open' and c.lock_at > clock_timestamp()
        from campaign c where c.id = campaign_id)`.as('joinable'),
    )
    .executeTakeFirst();
  if (!row) return null;
  return {
    joinable: row.joinable,
    campaignId: row.campaign_id,
    intentId: row.intent_id,
    platform: row.platform,
    sealed: row.sealed,
  };
}

/** The flows that a browser has begun at a platform and could still use, newest first and at most `limit`. Uses none up. */
export async function listOpenFlows(
  db: Db,
  platform: string,
  browserHash: Buffer,
  limit: number,
): Promise<(Omit<OauthFlow, 'joinable'> & { stateHash: Buffer })[]> {
  const rows = await db
    .selectFrom('oauth_flow')
    .select(['state_hash', 'campaign_id', 'intent_id', 'platform', 'sealed'])
    .where('browser_hash', '=', browserHash)
    .where('platform', '=', platform)
    .where('used_at', 'is', null)
    .where('expires_at', '>', sql<Date>`clock_timestamp()`)
    .orderBy('expires_at', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    stateHash: row.state_hash,
    campaignId: row.campaign_id,
    intentId: row.intent_id,
    platform: row.platform,
    sealed: row.sealed,
  }));
}

/** Notes how a flow ended from which no pledge came. */
export async function endOauthFlow(db: Db, stateHash: Buffer, ended: FlowEnd): Promise<void> {
  await db
    .updateTable('oauth_flow')
    .set({ ended: JSON.stringify(ended) })
    .where('state_hash', '=', stateHash)
    .execute();
}

const NO_FLOW = {
  ...{ campaignId: null, intentId: null, platform: null, sealed: null, ended: null },
  underway: false,
};

/** Why a flow could not be used, for the page that says so. */
export async function explainOauthFlow(
  db: Db,
  stateHash: Buffer,
  browserHash: Buffer,
): Promise<{
  problem: 'unknown' | 'stranger' | 'replayed' | 'expired';
  campaignId: string | null;
  intentId: string | null;
  platform: string | null;
  sealed: Buffer | null;
  /** How it ended, where no pledge came of it. */
  ended: FlowEnd | null;
  /** It was used just now, and how it ended is not noted yet. */
  underway: boolean;
}> {
  const row = await db
    .selectFrom('oauth_flow')
    .select(['browser_hash', 'used_at', 'campaign_id', 'intent_id', 'platform', 'sealed', 'ended'])
    .select(
      sql<boolean>`ended is null and coalesce(used_at > clock_timestamp() - interval '20 seconds', false)`.as(
        'underway',
      ),
    )
    .where('state_hash', '=', stateHash)
    .executeTakeFirst();
  if (!row) return { problem: 'unknown', ...NO_FLOW };
  const { campaign_id: campaignId, intent_id: intentId, platform, sealed, ended, underway } = row;
  const known = { campaignId, intentId, platform, sealed, ended, underway };
  if (!row.browser_hash.equals(browserHash)) return { problem: 'stranger', ...known };
  return { problem: row.used_at ? 'replayed' : 'expired', ...known };
}

/** Forgets flows an hour after their end: kept that long so that a late return can be told what happened. */
export async function purgeOauthFlows(db: Db): Promise<void> {
  await sql`delete from oauth_flow where expires_at < clock_timestamp() - interval '1 hour'`.execute(
    db,
  );
}

/** A flow that this browser began and can still use, without using it up. */
export async function findOauthFlow(
  db: Db,
  stateHash: Buffer,
  browserHash: Buffer,
): Promise<Omit<OauthFlow, 'joinable'> | null> {
  const row = await db
    .selectFrom('oauth_flow')
    .select(['campaign_id', 'intent_id', 'platform', 'sealed'])
    .where('state_hash', '=', stateHash)
    .where('browser_hash', '=', browserHash)
    .where('used_at', 'is', null)
    .where('expires_at', '>', sql<Date>`clock_timestamp()`)
    .executeTakeFirst();
  if (!row) return null;
  return {
    campaignId: row.campaign_id,
    intentId: row.intent_id,
    platform: row.platform,
    sealed: row.sealed,
  };
}
