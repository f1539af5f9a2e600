import { sql } from 'kysely';
import type { Db } from './database.ts';
import type { HoldTarget } from './hold.ts';

/** A hold by an operator, with what it leaves in the ledgers and in the audit log. */
export interface Pause extends HoldTarget {
  actor: string;
  reason: string;
  /** Whose ledgers note it: one campaign's, or those of all that are open, locked or firing. */
  campaignId: string | null;
  /** For the ledger. */
  detail: string;
  /** What it is about, as the audit log has it. */
  name: string;
}

/**
 * Places a hold, notes it and tells every worker, whole or not at all: in one statement, since a burst under way has the
 * database and this process busy, and each question more would let some posts go out. False when it stood already.
 */
export async function insertPause(db: Db, pause: Pause): Promise<boolean> {
  const { scope, subject, actor, reason, campaignId, detail, name } = pause;
  const result = await sql`
    with placed as (
      insert into hold (scope, subject, kind, actor, reason)
      values (${scope}, ${subject}, 'paused', ${actor}, ${reason})
      on conflict (scope, subject, kind) do nothing
      returning 1
    ), noted as (
      insert into campaign_event (campaign_id, actor, action, scope, detail)
      select c.id, ${actor}, 'paused', ${scope}, ${detail} from placed, campaign c
      where case when ${campaignId}::uuid is null then c.state in ('open', 'locked', 'firing')
        else c.id = ${campaignId}::uuid end
      order by c.moment, c.id
    ), audited as (
      insert into audit_entry (actor, action, subject)
      select ${actor}, ${`${scope}.pause`}, ${name} from placed
    )
    select pg_notify('tocsin', 'hold:') from placed`.execute(db);
  return result.rows.length > 0;
}
