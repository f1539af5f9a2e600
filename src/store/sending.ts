import { sql } from 'kysely';
import type { CampaignState } from '../domain/campaign.ts';
import type { Db } from './connection/database.ts';

/** A post that waits for longer than this is one that comes later; until then the burst is still going on. */
const SOON = sql`interval '1 minute'`;

/**
 * SQL: posts of the campaign `c` are going out, or will within a minute. A post whose outcome is not known is not among them:
 * it is looked for, perhaps for hours, and the result stands meanwhile.
 */
export const IS_SENDING = sql`exists (select 1 from delivery d where d.campaign_id = c.id
  and (d.state in ('pending', 'armed', 'sending')
    or (d.state = 'waiting' and d.due_at <= clock_timestamp() + ${SOON})))`;

/**
 * The state of a campaign as it is shown: one that is `firing` only because outcomes are still looked for, or posts wait for a
 * later time, is shown as `settled`. Steps go by the state that is stored.
 */
export async function shownState(
  db: Db,
  { id, state }: { id: string; state: CampaignState },
): Promise<CampaignState> {
  if (state !== 'firing') return state;
  const { rows } = await sql<{ sending: boolean }>`
    select ${IS_SENDING} as sending from campaign c where c.id = ${id}`.execute(db);
  return rows[0]?.sending === false ? 'settled' : state;
}
