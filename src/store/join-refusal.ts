import { sql } from 'kysely';
import type { Db } from './connection/database.ts';

/** A network that refused this instance's app at a join; no join has succeeded there since. */
export interface JoinRefusal {
  platform: string;
  since: Date;
  /** Status and code words of its answer; names nobody. */
  detail: string;
}

/** Keeps the time of the first of several. */
export async function saveJoinRefusal(db: Db, platform: string, detail: string): Promise<void> {
  await sql`
    insert into join_refusal (platform, since, detail) values (${platform}, clock_timestamp(), ${detail})
    on conflict (platform) do update set detail = excluded.detail
      where join_refusal.detail <> excluded.detail`.execute(db);
}

export async function forgetJoinRefusal(db: Db, platform: string): Promise<void> {
  await db.deleteFrom('join_refusal').where('platform', '=', platform).execute();
}

/** By name. */
export async function listJoinRefusals(db: Db): Promise<JoinRefusal[]> {
  const rows = await db.selectFrom('join_refusal').selectAll().orderBy('platform').execute();
  return rows.map(({ platform, since, detail }) => ({ platform, since, detail }));
}
