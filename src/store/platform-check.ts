import { sql } from 'kysely';
import type { TroubleKind } from '../domain/health/platforms.ts';
import { AHEAD_STATES } from './campaign-states.ts';
import type { Db } from './connection/database.ts';

/** What a look at a platform found. */
export interface AppSeen {
  ok: boolean;
  /** Null where it is `ok`. */
  trouble: TroubleKind | null;
  /** What the platform said; names nobody. */
  detail: string;
}

/** Whether a platform takes this instance's app, as found last. */
export interface PlatformCheck extends AppSeen {
  platform: string;
  checkedAt: Date;
  /** Set while preflight leaves the platform alone: it looks again then. */
  restsUntil: Date | null;
}

export async function savePlatformCheck(
  db: Db,
  { platform, ok, trouble, detail }: AppSeen & { platform: string },
): Promise<void> {
  await sql`
    insert into platform_check (platform, checked_at, ok, trouble, detail)
    values (${platform}, clock_timestamp(), ${ok}, ${trouble}, ${detail})
    on conflict (platform) do update set
      checked_at = excluded.checked_at, ok = excluded.ok, trouble = excluded.trouble,
      detail = excluded.detail`.execute(db);
}

/**
 * Platforms whose last check failed, and on which an open or locked campaign has live credentials. Checks from before that campaign's
 * preflight began do not count.
 */
export async function listTroubledPlatforms(
  db: Db,
): Promise<Pick<PlatformCheck, 'platform' | 'detail' | 'checkedAt'>[]> {
  const { rows } = await sql<PlatformCheck>`
    select k.platform, k.detail, k.checked_at as "checkedAt" from platform_check k
    where not k.ok and exists (
      select 1 from campaign c where c.state in (${AHEAD_STATES}) and c.preflight_at <= k.checked_at
        and exists (select 1 from credential d where d.campaign_id = c.id and d.state = 'live'
          and d.platform = k.platform))
    order by k.platform`.execute(db);
  return rows;
}

/** What was found last on each platform that was ever looked at, by name. */
export async function listPlatformChecks(db: Db): Promise<PlatformCheck[]> {
  const { rows } = await sql<PlatformCheck>`
    select k.platform, k.ok, k.trouble, k.detail, k.checked_at as "checkedAt",
      case when t.quiet_until > clock_timestamp() then t.quiet_until end as "restsUntil"
    from platform_check k left join preflight_turn t on t.platform = k.platform
    order by k.platform`.execute(db);
  return rows;
}
