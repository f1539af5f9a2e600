import { type Selectable, sql } from 'kysely';
import type { Words } from '../domain/words.ts';
import type { Db } from './connection/database.ts';
import type { IntentTable } from './schema.ts';
import type { SealContext } from './vault/seal-context.ts';
import type { Vault } from './vault/vault.ts';

/** The words that somebody has chosen to pledge, before they have named an account. */
export interface IntentRecord {
  /** Also the id of the receipt that its pledges will stand on. */
  id: string;
  campaignId: string;
  /** Language of the interface. */
  /** What the pages' links carry as their language. */
  locale: string;
  words: Words;
  /**
   * The pledge whose account is to be connected again, and nothing else with it; absent where somebody joins. The intent has the pledge's
   * id then, so that a receipt with several posts has one for each of them.
   */
  pledgeId?: string;
}

/** What of an intent is sealed. */
type IntentContent = Pick<IntentRecord, 'locale' | 'words' | 'pledgeId'>;

/** Where an intent is sealed for. */
export function intentSealContext(id: string, campaignId: string): SealContext {
  return { column: 'intent.sealed', campaignId, platform: '', rowId: id };
}

/** Keeps an intent for `lifeMs` from now; one with this id is replaced. `browserHash`: whose it is, where that is known. */
export async function saveIntent(
  db: Db,
  vault: Vault,
  intent: IntentRecord,
  lifeMs: number,
  browserHash?: Buffer,
): Promise<void> {
  const { id, campaignId, ...content } = intent;
  const row = {
    ...(browserHash && { browser_hash: browserHash }),
    sealed: await vault.seal(
      db,
      intentSealContext(id, campaignId),
      content satisfies IntentContent,
    ),
    expires_at: sql<Date>`clock_timestamp() + ${lifeMs} * interval '1 millisecond'`,
  };
  await db
    .insertInto('intent')
    .values({ id, campaign_id: campaignId, ...row })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute();
}

/** Gives an intent to the browser that first goes on with it. False when it is another's. */
export async function claimIntent(db: Db, id: string, browserHash: Buffer): Promise<boolean> {
  const result = await db
    .updateTable('intent')
    .set({ browser_hash: browserHash })
    .where('id', '=', id)
    .where((where) =>
      where.or([where('browser_hash', 'is', null), where('browser_hash', '=', browserHash)]),
    )
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** Whether an intent was given to this browser. */
export async function isIntentOfBrowser(db: Db, id: string, browserHash: Buffer): Promise<boolean> {
  const row = await db
    .selectFrom('intent')
    .select('id')
    .where('id', '=', id)
    .where('browser_hash', '=', browserHash)
    .executeTakeFirst();
  return row !== undefined;
}

/** Null when there is none, or its time is over. */
export async function findIntent(db: Db, vault: Vault, id: string): Promise<IntentRecord | null> {
  const row = await db
    .selectFrom('intent')
    .selectAll()
    .where('id', '=', id)
    .where('expires_at', '>', sql<Date>`clock_timestamp()`)
    .executeTakeFirst();
  return row ? openIntent(db, vault, row) : null;
}

/** @throws SealError; NotFoundError when the campaign's key is destroyed. */
export async function openIntent(
  db: Db,
  vault: Vault,
  {
    id,
    campaign_id: campaignId,
    sealed,
  }: Pick<Selectable<IntentTable>, 'id' | 'campaign_id' | 'sealed'>,
): Promise<IntentRecord> {
  const content = await vault.open<IntentContent>(db, intentSealContext(id, campaignId), sealed);
  return { id, campaignId, ...content };
}

/** Forgets the words of those who went away. */
export async function purgeIntents(db: Db): Promise<void> {
  await sql`delete from intent where expires_at < clock_timestamp()`.execute(db);
}
