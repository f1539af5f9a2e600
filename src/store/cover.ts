import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';
import { sql } from 'kysely';
import type { Db } from './connection/database.ts';

/** Gives the master key of an id. @throws SealError when it is not there. */
interface MasterKeys {
  key(id: string): Buffer;
}

/**
 * Keyed hashes lie encrypted under the present master key, always in the same way, so that equal ones can still be compared. Without
 * that, whoever had an older dump and today's secrets could ask of every account there is whether it is among them: the key of
 * the hashes cannot be rotated, since nobody knows any more what they are of; what covers them can.
 */

/** Under the master key of this id. @param hash whole blocks of 16 bytes, as good as random, so that no block tells of another. */
export function coverHash(masters: MasterKeys, masterKeyId: string, hash: Buffer): Buffer {
  return createCipheriv('aes-256-ecb', coverKey(masters, masterKeyId), null)
    .setAutoPadding(false)
    .update(hash);
}

function uncoverHash(masters: MasterKeys, masterKeyId: string, covered: Buffer): Buffer {
  return createDecipheriv('aes-256-ecb', coverKey(masters, masterKeyId), null)
    .setAutoPadding(false)
    .update(covered);
}

function coverKey(masters: MasterKeys, masterKeyId: string): Buffer {
  return createHmac('sha256', masters.key(masterKeyId)).update('cover of hashes').digest();
}

/** Covered under another master key. `from`: null for one that lies bare, as they did before. */
export function recoverHash(
  masters: MasterKeys,
  { from, to }: { from: string | null; to: string },
  hash: Buffer,
): Buffer {
  return coverHash(masters, to, from === null ? hash : uncoverHash(masters, from, hash));
}

/** Columns of hashes, as bytes and in hexadecimal digits. `platform_note.key_hash` goes with what is sealed for it. */
const BYTES = [
  ['pledge', 'account_hash'],
  ['assisted_post', 'link_hash'],
  ['reminder', 'address_hash'],
  ['reminder_request', 'address_hash'],
] as const;
const HEX = [
  ['pledge', 'host'],
  ['delivery', 'host'],
  ['shard', 'host'],
  ['hold', 'host'],
] as const;
/** Hashes changed in one statement. */
const PAGE = 20_000;

/** Covers all hashes under another master key. In a transaction that holds the row of the present one. */
export async function recoverHashes(
  db: Db,
  masters: MasterKeys,
  keys: { from: string | null; to: string },
): Promise<void> {
  for (const [table, column] of BYTES) {
    const { rows } = await sql<{ hash: Buffer }>`
      select distinct ${sql.ref(column)} as hash from ${sql.table(table)}
      where octet_length(${sql.ref(column)}) = 32`.execute(db);
    const old = rows.map(({ hash }) => hash);
    const changed = old.map((hash) => recoverHash(masters, keys, hash));
    await replace(db, { table, column, type: 'bytea' }, old, changed);
  }
  for (const [table, column] of HEX) {
    const { rows } = await sql<{ hash: string }>`
      select distinct ${sql.ref(column)} as hash from ${sql.table(table)}
      where ${sql.ref(column)} ~ '^[0-9a-f]{32}$'`.execute(db);
    const old = rows.map(({ hash }) => hash);
    const changed = old.map((hash) =>
      recoverHash(masters, keys, Buffer.from(hash, 'hex')).toString('hex'),
    );
    await replace(db, { table, column, type: 'text' }, old, changed);
  }
}

async function replace(
  db: Db,
  { table, column, type }: { table: string; column: string; type: 'bytea' | 'text' },
  old: readonly (Buffer | string)[],
  changed: readonly (Buffer | string)[],
): Promise<void> {
  for (let at = 0; at < old.length; at += PAGE) {
    await sql`
      update ${sql.table(table)} t set ${sql.ref(column)} = c.changed
      from unnest(${old.slice(at, at + PAGE)}::${sql.raw(type)}[], ${changed.slice(at, at + PAGE)}::${sql.raw(type)}[])
        as c (old, changed)
      where t.${sql.ref(column)} = c.old`.execute(db);
  }
}
