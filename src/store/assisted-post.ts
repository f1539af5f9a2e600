import { sql } from 'kysely';
import type { Db } from './connection/database.ts';

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

/** With those whose rows are gone, since their campaign is reduced to counters. */
export async function countAssistedPosts(db: Db, campaignId: string): Promise<AssistedPosts> {
  const result = await sql<AssistedPosts>`
    select (count(a.link_hash) + max(c.posts_by_hand))::int as said,
      (count(a.link_hash) filter (where a.seen) + max(c.posts_seen))::int as seen
    from campaign c left join assisted_post a on a.campaign_id = c.id
    where c.id = ${campaignId} group by c.id`.execute(db);
  return result.rows[0] ?? { said: 0, seen: 0 };
}
