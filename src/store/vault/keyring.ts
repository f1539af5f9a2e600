import { type RawBuilder, sql } from 'kysely';
import { type InstanceSecrets, readSecrets } from '../../../config/secrets.ts';
import { ConfigurationError, MasterKeyMissing, SealError } from '../../domain/errors.ts';
import { findFilled } from '../backup.ts';
import type { Db } from '../connection/database.ts';
import { hasTable } from '../connection/has-table.ts';
import { recoverHashes } from '../cover.ts';

/**
 * The master keys that this process has, by their ids. The file with the secrets says which there are; the database says under
 * which one everything is sealed, so that no process seals under a key that another is about to destroy.
 */
export interface Keyring {
  /** @throws MasterKeyMissing when this process does not have it, even after it has read its file again. */
  key(id: string): Buffer;
  /** Those that it has now. */
  ids(): string[];
  /** The one that everything is sealed under, as the database said last; by the file where it has not said yet. */
  present: string;
  /** Reads the file again; keys that are no longer in it are overwritten in memory. */
  reload(): void;
}

export function createKeyring(secrets: InstanceSecrets): Keyring {
  const keys = new Map<string, Buffer>();
  const take = (): void => {
    const { masterKeyId, masterKey, nextMasterKey } = secrets;
    const there = new Map([[masterKeyId, masterKey]]);
    if (nextMasterKey) there.set(nextMasterKey.id, nextMasterKey.key);
    for (const [id, key] of keys) {
      if (there.has(id)) continue;
      key.fill(0);
      keys.delete(id);
    }
    for (const [id, key] of there) {
      if (!keys.has(id)) keys.set(id, Buffer.from(key.reveal(), 'base64'));
    }
  };
  const reload = (): void => {
    if (secrets.path === '') return;
    Object.assign(secrets, readAgain(secrets.path));
    take();
  };
  take();
  return {
    key: (id) => {
      if (!keys.has(id)) reload();
      const key = keys.get(id);
      if (key) return key;
      throw new MasterKeyMissing(
        `A sealed value cannot be opened: it is under the master key ${id}, which secrets.json does not hold`,
      );
    },
    ids: () => [...keys.keys()],
    present: secrets.masterKeyId,
    reload,
  };
}

/** A file that is being replaced is read as one or the other, but for the instant in which its old bytes are overwritten. */
function readAgain(path: string): InstanceSecrets {
  try {
    return readSecrets(path);
  } catch {
    return readSecrets(path);
  }
}

/** The id of the master key that everything is sealed under. The first to ask on an empty database says it. */
export async function presentMasterKeyId(db: Db, keyring: Keyring): Promise<string> {
  const known = await db.selectFrom('master_key').select('id').executeTakeFirst();
  if (!known) await introduce(db, keyring);
  const { id } =
    known ?? (await db.selectFrom('master_key').select('id').executeTakeFirstOrThrow());
  keyring.present = id;
  return id;
}

/** Others that come at the same time wait for the end of this. */
async function introduce(db: Db, keyring: Keyring): Promise<void> {
  const act = async (tx: Db): Promise<void> => {
    const { present: to } = keyring;
    const { rows } = await sql`
      insert into master_key (id) values (${to}) on conflict do nothing returning id`.execute(tx);
    if (rows.length > 0) await recoverHashes(tx, keyring, { from: null, to });
  };
  await (db.isTransaction ? act(db) : db.transaction().execute(act));
}

/**
 * A database in which there is nothing yet goes over to this process's key: a command with other secrets may have been the first there.
 * @throws ConfigurationError when the database is sealed under a master key that this process does not have.
 */
export async function attachMasterKey(db: Db, keyring: Keyring, path: string): Promise<void> {
  const id = await presentMasterKeyId(db, keyring);
  if (has(keyring, id)) return;
  if ((await findFilled(db)) !== null) throw sealedUnder(id, keyring, path);
  await db.deleteFrom('master_key').where('id', '=', id).execute();
  keyring.present = keyring.ids()[0] ?? '';
  await presentMasterKeyId(db, keyring);
}

/**
 * The same of a database as it is found, of this version or an older one, in which nothing is changed.
 * @throws ConfigurationError
 */
export async function recogniseMasterKey(db: Db, keyring: Keyring, path: string): Promise<void> {
  for (const id of await readMasterKeyIds(db)) {
    if (!has(keyring, id) && (await findFilled(db)) !== null) throw sealedUnder(id, keyring, path);
  }
}

/** Under which master keys there is something; none in an empty database. Older ones say so of each key alone. */
async function readMasterKeyIds(db: Db): Promise<string[]> {
  if (await hasTable(db, 'master_key')) {
    const { rows } = await sql<{ id: string }>`select id from master_key`.execute(db);
    if (rows.length > 0) return rows.map(({ id }) => id);
  }
  if (!(await hasTable(db, 'campaign_key'))) return [];
  const { rows } = await sql<{ id: string }>`
    select distinct master_key_id as id from campaign_key where wrapped is not null order by 1`.execute(
    db,
  );
  return rows.map(({ id }) => id);
}

/** Reads the file again before it says no. */
function has(keyring: Keyring, id: string): boolean {
  if (!keyring.ids().includes(id)) keyring.reload();
  return keyring.ids().includes(id);
}

function sealedUnder(id: string, keyring: Keyring, path: string): ConfigurationError {
  return new ConfigurationError(
    `DATABASE_URL: the database is sealed under the master key ${id}, and ${path} holds ${keyring.ids().join(' and ')}. Put there the secrets.json of the instance that wrote it or, if keys were rotated on another machine, of that one. If the database is an older backup, nobody can open what is sealed in it any more: keys were destroyed since; restore a newer one`,
  );
}

/** Gives a row as long as this is the present master key, and keeps a rotation waiting for the end of the transaction. */
export function presentMasterKey(id: string): RawBuilder<unknown> {
  return sql`select 1 from master_key where id = ${id} for share`;
}

/** Reads the file again where the database says that it must have changed. */
export async function followMasterKeys(db: Db, keyring: Keyring): Promise<void> {
  const row = await db.selectFrom('master_key').select(['id', 'next_id']).executeTakeFirst();
  if (!row) return;
  const wanted = row.next_id === null ? [row.id] : [row.id, row.next_id];
  const has = keyring.ids();
  if (has.length !== wanted.length || wanted.some((id) => !has.includes(id))) keyring.reload();
  keyring.present = row.id;
}

/** How often a seal is made anew because the master key was rotated in that instant. */
const MAX_ROTATIONS = 3;

/**
 * Runs `write` with the id of the present master key. It gives false when that was no longer the present one as it wrote, and is
 * run again: its statement selects from `master_key` with that id `for share`, so that a rotation waits for it or goes before it.
 */
export async function underMasterKey(
  db: Db,
  keyring: Keyring,
  write: (id: string) => Promise<boolean>,
): Promise<void> {
  for (let left = MAX_ROTATIONS; left > 0; left--) {
    if (await write(await presentMasterKeyId(db, keyring))) return;
  }
  throw new SealError('The master key changes under every try to seal');
}
