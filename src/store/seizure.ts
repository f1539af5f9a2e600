import { sql } from 'kysely';
import type { Db } from './connection/database.ts';
import { KEPT } from './kept/index.ts';
import type { StorageForm } from './kept/kept.ts';

/** How many values of each form the rows of a campaign hold, in one table. */
export interface HeldValues {
  table: string;
  rows: number;
  /** Of the columns that lead to a person: those that are sealed or hashed. */
  values: Readonly<Record<'sealed' | 'hash', number>>;
}

/** What lies in the rows of a campaign, table by table; the campaign's own keys are left out. */
export async function countHeldValues(db: Db, campaignId: string): Promise<HeldValues[]> {
  const held: HeldValues[] = [];
  for (const [table, { columns }] of Object.entries(KEPT)) {
    if (!('campaign_id' in columns) || table === 'campaign_key' || table === 'ledger_head')
      continue;
    const count = (form: StorageForm) => {
      const names = Object.entries(columns).filter(([, column]) => column.form === form);
      const there = names.map(
        ([name]) => sql`(coalesce(${sql.ref(name)}::text, '') not in ('', '\\x'))::int`,
      );
      return names.length === 0 ? sql`0` : sql`coalesce(sum(${sql.join(there, sql` + `)}), 0)`;
    };
    const { rows } = await sql<{ rows: number; sealed: number; hash: number }>`
      select count(*)::int as rows, (${count('sealed')})::int as sealed, (${count('hash')})::int as hash
      from ${sql.table(table)} where campaign_id = ${campaignId}`.execute(db);
    const [found] = rows;
    if (!found || found.rows === 0) continue;
    held.push({ table, rows: found.rows, values: { sealed: found.sealed, hash: found.hash } });
  }
  return held;
}

/** How many of a campaign's keys are in the database still. */
export async function countKeys(db: Db, campaignId: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from campaign_key
    where campaign_id = ${campaignId} and wrapped is not null`.execute(db);
  return rows[0]?.count ?? 0;
}
