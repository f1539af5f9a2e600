import { sql } from 'kysely';
import type { Db } from './database.ts';
import type { Vault } from './vault.ts';

/** Something that a migration has left to be sealed. */
interface UnsealedRow {
  id: string;
  kind: 'keys';
  campaign_id: string;
}

const BATCH = 500;

/**
 * Seals what a migration found in clear and moved to the table `unsealed`; returns how much of it. Nothing else of an instance
 * may run before it has returned. Each batch is a transaction, so that it goes on where it was ended; of several processes each
 * waits for the others' batches, and all return when nothing is left.
 */
export async function sealOldRows(db: Db, vault: Vault): Promise<number> {
  let done = 0;
  for (;;) {
    const count = await db.transaction().execute((tx) => sealBatch(tx, vault));
    if (count === null) return done;
    done += count;
  }
}

/** Null when nothing is left, and the table is gone. */
async function sealBatch(db: Db, vault: Vault): Promise<number | null> {
  if (!(await isThere(db))) return null;
  await sql`select pg_advisory_xact_lock(hashtextextended('seal old rows', 0))`.execute(db);
  // Another process may have ended it while this one waited.
  if (!(await isThere(db))) return null;
  const { rows } = await sql<UnsealedRow>`
    select id, kind, campaign_id from unsealed order by id limit ${BATCH}`.execute(db);
  if (rows.length === 0) {
    await sql`drop table unsealed`.execute(db);
    return null;
  }
  for (const row of rows) await vault.createCampaignKeys(db, row.campaign_id);
  await sql`delete from unsealed where id = any(${rows.map(({ id }) => id)}::bigint[])`.execute(db);
  return rows.length;
}

async function isThere(db: Db): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`
    select to_regclass('unsealed') is not null as found`.execute(db);
  return rows[0]?.found ?? false;
}
