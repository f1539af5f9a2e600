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

/** Keeps an intent for `lifeMs` from now; one with this id is replaced. */
export async function saveIntent(db: Db, intent: IntentRecord, lifeMs: number): Promise<void> {
  const { id, campaignId, locale, words } = intent;
  const row = {
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
