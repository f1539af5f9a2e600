import { sql } from 'kysely';
import { SELF_ACTOR } from '../../domain/hold.ts';
import { appendEvent } from '../campaign-event.ts';
import { UNDER_WAY_STATES } from '../campaign-states.ts';
import { type Db, notify } from '../connection/database.ts';

/** Further ahead the clock may still be put right before it matters. */
const AHEAD = sql`interval '2 hours'`;

/**
 * Holds every campaign that would go out early, since this clock is ahead of the networks' by `aheadMs`: until theirs show its
 * moment. Not those that a person has let go. Returns how many are held anew. In a transaction.
 */
export async function holdEarly(db: Db, aheadMs: number, reason: string): Promise<number> {
  const ahead = sql`${aheadMs} * interval '1 millisecond'`;
  const { rows } = await sql<{ campaign_id: string; fresh: boolean }>`
    insert into hold (scope, campaign_id, kind, actor, reason, until)
    select 'campaign', c.id, 'clock', ${SELF_ACTOR}, ${reason}, c.moment + ${ahead} from campaign c
    where c.state in (${UNDER_WAY_STATES}) and not c.clock_trusted
      and c.moment < clock_timestamp() + ${AHEAD} and c.moment + ${ahead} > clock_timestamp()
    on conflict (target, kind) do update set until = excluded.until, reason = excluded.reason
      where abs(extract(epoch from hold.until - excluded.until)) > 0.5
    returning campaign_id, (xmax = 0) as fresh`.execute(db);
  const fresh = rows.filter((row) => row.fresh);
  const event = { action: 'held', scope: 'campaign', platform: null, actor: SELF_ACTOR } as const;
  for (const { campaign_id } of fresh) {
    await appendEvent(db, { campaignId: campaign_id }, { ...event, detail: reason });
  }
  if (rows.length > 0) await notify(db, 'hold', '');
  return fresh.length;
}

/** Whether anything is held for the clock now. */
export async function hasEarly(db: Db): Promise<boolean> {
  const { rows } = await sql`
    select 1 from hold where kind = 'clock' and until > clock_timestamp() limit 1`.execute(db);
  return rows.length > 0;
}

/**
 * Lets go what was held for the clock, by the word of this worker, unless another one that is alive still finds it ahead. Returns
 * how many there were. A sign of life from the future was given before the clock was put back, and says nothing of it now.
 */
export async function liftEarly(db: Db, worker: string): Promise<number> {
  const { rows } = await sql`
    delete from hold where kind = 'clock' and not exists (
      select 1 from worker w where w.network_off and w.name <> ${worker}
        and w.seen_at between clock_timestamp() - interval '15 seconds' and clock_timestamp() + interval '1 second')
    returning 1`.execute(db);
  if (rows.length > 0) await notify(db, 'hold', '');
  return rows.length;
}

/** Lets a campaign go by our clock for good. In a transaction. */
export async function trustClock(db: Db, campaignId: string): Promise<void> {
  await sql`update campaign set clock_trusted = true where id = ${campaignId}`.execute(db);
}
