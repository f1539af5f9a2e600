import { sql } from 'kysely';
import type { HoldTarget } from '../../domain/hold.ts';
import { UNDER_WAY_STATES } from '../campaign-states.ts';
import type { Db } from '../connection/database.ts';
import { targetColumns } from './hold.ts';

/** A hold by an operator, with what it leaves in the ledgers and in the audit log. */
export interface Pause {
  target: HoldTarget;
  actor: string;
  /** Also the detail of the ledger's entry: in the campaign's ledger, or in those of all that are open, locked or firing. */
  reason: string;
  /** What it is about, as the audit log has it. */
  name: string;
}

/**
 * Places a hold, notes it and tells every worker, whole or not at all: in one statement, since a burst under way has the
 * database and this process busy, and each question more would let some posts go out. False when it stood already.
 */
export async function insertPause(db: Db, pause: Pause): Promise<boolean> {
  const { target, actor, reason, name } = pause;
  const { scope } = target;
  const { campaign_id, platform, host } = targetColumns(target);
  const result = await sql`
    with placed as (
      insert into hold (scope, campaign_id, platform, host, kind, actor, reason)
      values (${scope}, ${campaign_id}, ${platform}, ${host}, 'paused', ${actor}, ${reason})
      on conflict (target, kind) do nothing
      returning 1
    ), noted as (
      insert into campaign_event (campaign_id, actor, action, scope, platform, detail)
      select c.id, ${actor}, 'paused', ${scope}, ${platform}::text, ${reason} from placed, campaign c
      where case when ${campaign_id}::uuid is null then c.state in (${UNDER_WAY_STATES})
        else c.id = ${campaign_id}::uuid end
      order by c.moment, c.id
    ), audited as (
      insert into audit_entry (actor, action, subject)
      select ${actor}, ${`${scope}.pause`}, ${name} from placed
    )
    select pg_notify('tocsin', 'hold:') from placed`.execute(db);
  return result.rows.length > 0;
}
