import { type Selectable, sql } from 'kysely';
import type { Db } from '../connection/database.ts';
import { resealNotes } from '../platform-note.ts';
import type { MasterKeyTable } from '../schema.ts';
import type { Vault } from './vault.ts';

export type MasterKeyRecord = Pick<
  Selectable<MasterKeyTable>,
  'id' | 'next_id' | 'owed_since' | 'rotated_at'
>;

const COLUMNS = ['id', 'next_id', 'owed_since', 'rotated_at'] as const;

/** Null on a database that nothing has been sealed in. */
export async function readMasterKey(db: Db): Promise<MasterKeyRecord | null> {
  const row = await db.selectFrom('master_key').select(COLUMNS).executeTakeFirst();
  return row ?? null;
}

/** Makes this transaction the only one that rotates; nothing is sealed under a master key before its end. */
export async function lockMasterKey(db: Db): Promise<MasterKeyRecord | null> {
  const row = await db.selectFrom('master_key').select(COLUMNS).forUpdate().executeTakeFirst();
  return row ?? null;
}

/** The files have a second key now, of this id. */
export async function announceMasterKey(db: Db, id: string): Promise<void> {
  await db.updateTable('master_key').set({ next_id: id }).execute();
}

/** Keys have been destroyed: an older dump holds them wrapped under the present master key until there is another one. */
export async function oweRotation(db: Db): Promise<void> {
  await sql`update master_key set owed_since = coalesce(owed_since, clock_timestamp())`.execute(db);
}

/** Seals everything under the announced key. In a transaction that holds the row. */
export async function sealUnderNext(db: Db, vault: Vault, id: string): Promise<void> {
  await vault.rewrapKeys(db, id);
  await vault.recoverHashes(db, id);
  await resealNotes(db, vault, id);
  await db
    .updateTable('master_key')
    .set({ id, next_id: null, owed_since: null, rotated_at: sql`clock_timestamp()` })
    .execute();
}

/** Worker processes seen in the last minute that do not have this master key. */
export async function listWorkersWithout(db: Db, id: string): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select name from worker
    where seen_at > clock_timestamp() - interval '1 minute'
      and not (${id} = any(string_to_array(master_keys, ' ')))
    order by name`.execute(db);
  return rows.map(({ name }) => name);
}

/** Whether any worker process seen in the last minute has this master key. */
export async function isKnownToAnyWorker(db: Db, id: string): Promise<boolean> {
  const { rows } = await sql`
    select 1 from worker
    where seen_at > clock_timestamp() - interval '1 minute' and ${id} = any(string_to_array(master_keys, ' '))
    limit 1`.execute(db);
  return rows.length > 0;
}
