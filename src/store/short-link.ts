import type { Db } from './connection/database.ts';

/** The code of a campaign's short link; null while it has none. */
export async function findShortCode(db: Db, campaignId: string): Promise<string | null> {
  const row = await db
    .selectFrom('short_link')
    .select('code')
    .where('campaign_id', '=', campaignId)
    .executeTakeFirst();
  return row?.code ?? null;
}

/** False when the code was given before, or the campaign has one already. */
export async function insertShortCode(
  db: Db,
  link: { code: string; campaignId: string },
): Promise<boolean> {
  const result = await db
    .insertInto('short_link')
    .values({ code: link.code, campaign_id: link.campaignId })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

/** The id of the campaign that a code leads to; null where it leads nowhere. */
export async function findShortened(db: Db, code: string): Promise<string | null> {
  const row = await db
    .selectFrom('short_link')
    .select('campaign_id')
    .where('code', '=', code)
    .executeTakeFirst();
  return row?.campaign_id ?? null;
}
