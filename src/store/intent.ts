import { sql } from 'kysely';
import type { Words } from '../domain/words.ts';
import type { Db } from './database.ts';

/** The words that somebody has chosen to pledge, before they have named an account. */
export interface IntentRecord {
  /** Also the id of the receipt that its pledges will stand on. */
  id: string;
  campaignId: string;
  /** Language of the interface. */
  locale: string;
  words: Words;
}

/** Keeps an intent for `lifeMs` from now; one with this id is replaced. `browserHash`: whose it is, where that is known. */
export async function saveIntent(
  db: Db,
  intent: IntentRecord,
  lifeMs: number,
  browserHash?: Buffer,
): Promise<void> {
  const { id, campaignId, locale, words } = intent;
  const row = {
    ...(browserHash && { browser_hash: browserHash }),
    locale,
    text_locale: words.textLocale,
    variant: words.variant,
    own: words.own,
    typed: JSON.stringify(words.typed),
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

/** Null when there is none, or its time is over. */
export async function findIntent(db: Db, id: string): Promise<IntentRecord | null> {
  const row = await db
    .selectFrom('intent')
    .selectAll()
    .where('id', '=', id)
    .where('expires_at', '>', sql<Date>`clock_timestamp()`)
    .executeTakeFirst();
  if (!row) return null;
  return {
    id: row.id,
    campaignId: row.campaign_id,
    locale: row.locale,
    words: {
      textLocale: row.text_locale,
      variant: row.variant,
      own: row.own,
      typed: row.typed,
    },
  };
}

/** Forgets the words of those who went away. */
export async function purgeIntents(db: Db): Promise<void> {
  await sql`delete from intent where expires_at < clock_timestamp()`.execute(db);
}
