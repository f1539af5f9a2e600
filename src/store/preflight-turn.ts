import { sql } from 'kysely';
import type { Db } from './connection/database.ts';

/**
 * Takes, or keeps, the turn to check a platform's credentials for `holdMs`. False when somebody else has it, or the platform is
 * to be left alone. A row is the lock, since the turn lasts longer than any connection.
 */
export async function takeTurn(
  db: Db,
  platform: string,
  holder: string,
  holdMs: number,
): Promise<boolean> {
  const result = await sql`
    insert into preflight_turn as turn (platform, holder, held_until)
    values (${platform}, ${holder}, clock_timestamp() + ${holdMs} * interval '1 millisecond')
    on conflict (platform) do update set holder = excluded.holder, held_until = excluded.held_until
    where (turn.holder is null or turn.holder = excluded.holder or turn.held_until < clock_timestamp())
      and (turn.quiet_until is null or turn.quiet_until <= clock_timestamp())`.execute(db);
  return Number(result.numAffectedRows ?? 0n) === 1;
}

/** Leaves a platform alone until then, whoever has the turn. */
export async function restPlatform(db: Db, platform: string, until: Date): Promise<void> {
  await db
    .updateTable('preflight_turn')
    .set({ quiet_until: until })
    .where('platform', '=', platform)
    .execute();
}

/** Gives the turn back, if it is still this holder's. */
export async function endTurn(db: Db, platform: string, holder: string): Promise<void> {
  await db
    .updateTable('preflight_turn')
    .set({ holder: null, held_until: null })
    .where('platform', '=', platform)
    .where('holder', '=', holder)
    .execute();
}
