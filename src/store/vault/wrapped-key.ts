import { sql } from 'kysely';
import { SealError } from '../../domain/errors.ts';
import type { Db } from '../connection/database.ts';
import { decrypt, encrypt, openDirect, sealDirect } from './envelope.ts';
import type { Keyring } from './keyring.ts';
import { KEY_PURPOSES, type KeyPurpose, keyAad } from './seal-context.ts';

/** What lies directly under a master key: the campaigns' keys, and what is the instance's own. */

interface KeyName {
  campaign_id: string;
  purpose: KeyPurpose;
}

type WrappedKey = KeyName & { wrapped: Buffer; master_key_id: string };

export function wrap(masters: Keyring, name: KeyName, key: Buffer, masterKeyId: string): Buffer {
  return encrypt(
    masters.key(masterKeyId),
    key,
    keyAad(name.campaign_id, name.purpose, masterKeyId),
  );
}

/** @throws SealError */
export function unwrap(masters: Keyring, { wrapped, master_key_id, ...name }: WrappedKey): Buffer {
  return decrypt(
    masters.key(master_key_id),
    wrapped,
    keyAad(name.campaign_id, name.purpose, master_key_id),
  );
}

export function sealOwnUnder(
  masters: Keyring,
  masterKeyId: string,
  place: string,
  value: Buffer,
): Buffer {
  return sealDirect(masters.key(masterKeyId), value, ownAad(place, masterKeyId));
}

/** It does not say under which key it is; there are two at most. @throws SealError */
export function openOwn(masters: Keyring, place: string, sealed: Buffer): Buffer {
  const opened = tryAll(masters, place, sealed);
  if (opened) return opened;
  masters.reload();
  const again = tryAll(masters, place, sealed);
  if (again) return again;
  throw new SealError('A sealed value cannot be opened: other bytes, or another master key');
}

function tryAll(masters: Keyring, place: string, sealed: Buffer): Buffer | null {
  for (const id of masters.ids()) {
    try {
      return openDirect(masters.key(id), sealed, ownAad(place, id));
    } catch (error) {
      if (!(error instanceof SealError)) throw error;
    }
  }
  return null;
}

function ownAad(place: string, masterKeyId: string): string {
  return `own|${place}|${masterKeyId}`;
}

/** Wraps every key that is left under another master key. In a transaction that holds the row of the present one. */
export async function rewrapKeys(db: Db, masters: Keyring, masterKeyId: string): Promise<void> {
  const { rows } = await sql<WrappedKey>`
    select campaign_id, purpose, wrapped, master_key_id from campaign_key
    where wrapped is not null and master_key_id <> ${masterKeyId} for update`.execute(db);
  if (rows.length === 0) return;
  const wrapped = rows.map((row) => wrap(masters, row, unwrap(masters, row), masterKeyId));
  await sql`
    update campaign_key k set wrapped = w.wrapped, master_key_id = ${masterKeyId}
    from unnest(${rows.map((row) => row.campaign_id)}::uuid[], ${rows.map((row) => row.purpose)}::text[],
      ${wrapped}::bytea[]) as w (campaign_id, purpose, wrapped)
    where k.campaign_id = w.campaign_id and k.purpose = w.purpose`.execute(db);
}

/** Campaigns' keys in memory, by campaign id. */
export type KeyCache = Readonly<Record<KeyPurpose, Map<string, Buffer>>>;

/** Overwrites in memory the keys that the database has no more. */
export async function forgetDestroyed(db: Db, keys: KeyCache): Promise<void> {
  for (const purpose of KEY_PURPOSES) {
    const ids = [...keys[purpose].keys()];
    if (ids.length === 0) continue;
    const { rows } = await sql<{ id: string }>`
      select id from unnest(${ids}::uuid[]) as id
      where not exists (select 1 from campaign_key k
        where k.purpose = ${purpose} and k.campaign_id = id and k.wrapped is not null)`.execute(db);
    for (const { id } of rows) {
      keys[purpose].get(id)?.fill(0);
      keys[purpose].delete(id);
    }
  }
}
