import { sql } from 'kysely';
import type { Db } from './database.ts';

/**
 * Counts a post that somebody made by themselves. `seen`: we could read it, without a login. False when nothing has changed by it.
 */
export async function insertAssistedPost(
  db: Db,
  campaignId: string,
  linkHash: Buffer,
  seen: boolean,
): Promise<boolean> {
  const result = await sql`
    insert into assisted_post (campaign_id, link_hash, seen) values (${campaignId}, ${linkHash}, ${seen})
    on conflict (campaign_id, link_hash) do update set seen = true where excluded.seen and not assisted_post.seen`.execute(
    db,
  );
  return result.numAffectedRows === 1n;
}

/** How many say that they posted by themselves, and how many of those posts we saw. */
export interface AssistedPosts {
  said: number;
  seen: number;
}

export async function countAssistedPosts(db: Db, campaignId: string): Promise<AssistedPosts> {
  const result = await sql<AssistedPosts>`
    select count(*)::int as said, count(*) filter (where seen)::int as seen
    from assisted_post where campaign_id = ${campaignId}`.execute(db);
  return result.rows[0] ?? { said: 0, seen: 0 };
}
