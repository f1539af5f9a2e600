import { sql } from 'kysely';
import type { Context } from '../../src/context.ts';
import { momentAt } from '../../src/domain/moment.ts';
import { findCampaign } from '../../src/store/campaign.ts';
import { type Db, notify } from '../../src/store/connection/database.ts';
import { sealTimes } from '../../src/store/decided-times.ts';

/**
 * Moves the moment of an open campaign to `inMs` from now, as if somebody had decided so, and with it all that is reckoned from it:
 * preflight, lock, arming, the end of waiting, reminders. People join while it is an hour off, so that no machine is too slow for
 * them, and the test waits for none of that hour. The sweep of a worker sees within a second what has come due. Returns the
 * campaign with its new moment.
 */
export async function bringForward<C extends { id: string; moment: Date }>(
  { db, vault }: Pick<Context, 'db' | 'vault'>,
  campaign: C,
  inMs: number,
): Promise<C> {
  const { wall, zone, instant } = momentAt(new Date(Date.now() + inMs), 'Europe/Moscow');
  const seconds = (instant.getTime() - campaign.moment.getTime()) / 1000;
  const shift = sql`make_interval(secs => ${seconds})`;
  await db.transaction().execute(async (tx) => {
    const moved = await sql`
      with moved as (
        update campaign set moment = ${instant}, moment_wall = ${wall}, moment_zone = ${zone},
          preflight_at = preflight_at + ${shift}, lock_at = lock_at + ${shift}, arm_at = arm_at + ${shift},
          too_late_at = too_late_at + ${shift}
        where id = ${campaign.id} and state = 'open' and moment = ${campaign.moment}
        returning id),
      reminded as (
        update reminder set due_at = due_at + ${shift} where state = 'confirmed' and campaign_id in (select id from moved))
      select id from moved`.execute(tx);
    if (moved.rows.length === 0) throw new Error('The campaign is not open, or has another moment');
    await sealAsDecided({ db: tx, vault }, campaign.id);
    await notify(tx, 'work', campaign.id);
  });
  return { ...campaign, moment: instant };
}

/** Takes the times that a campaign has in the database for decided, as if a person had written them through Tocsin. */
export async function sealAsDecided(
  { db, vault }: { db: Db; vault: Context['vault'] },
  campaignId: string,
): Promise<void> {
  const campaign = await findCampaign(db, { id: campaignId });
  if (!campaign) throw new Error('There is no such campaign');
  await sealTimes(db, vault, campaignId, campaign);
}
