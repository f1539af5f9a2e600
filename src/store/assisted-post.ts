import { sql } from 'kysely';
import type { Db } from './database.ts';

/** Counts a post that somebody made by themselves. False when it was counted before. */
export async function insertAssistedPost(
  db: Db,
  campaignId: string,
  linkHash: Buffer,
): Promise<boolean> {
  const result = await db
    .insertInto('assisted_post')
    .values({ campaign_id: campaignId, link_hash: linkHash })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

/** How many say that they posted by themselves. */
export async function countAssistedPosts(db: Db, campaignId: string): Promise<number> {
  const result = await sql<{ count: number }>`
    select count(*)::int as count from assisted_post where campaign_id = ${campaignId}`.execute(db);
  return result.rows[0]?.count ?? 0;
}
