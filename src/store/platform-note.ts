import { sql } from 'kysely';
import type { Db } from './connection/database.ts';
import type { Vault } from './vault/vault.ts';

/** What one platform has to remember for this instance, sealed. See `PlatformNotes` of the platforms. */
export interface NoteBook {
  read(key: string): Promise<string | null>;
  saveIfAbsent(key: string, value: string): Promise<string>;
  forget(key: string, value: string): Promise<void>;
}

/** The notes of one platform. */
export function openNoteBook(db: Db, vault: Vault, platform: string): NoteBook {
  const hashOf = (key: string): Buffer => vault.noteHash(platform, key);
  const placeOf = (key: string): string => noteSealContext(platform, hashOf(key));
  const find = (key: string) =>
    db
      .selectFrom('platform_note')
      .select('sealed')
      .where('platform', '=', platform)
      .where('key_hash', '=', hashOf(key))
      .executeTakeFirst();
  const read = async (key: string): Promise<string | null> => {
    const under = vault.hashedUnder();
    const row = (await find(key)) ?? (await findAnew(key, under));
    return row ? vault.openOwn(placeOf(key), row.sealed) : null;
  };
  /** A rotation that this process has not heard of yet has changed what it is kept under. */
  const findAnew = async (key: string, under: string) => {
    await vault.follow(db);
    return vault.hashedUnder() === under ? undefined : find(key);
  };
  return {
    read,
    saveIfAbsent: async (key, value) => {
      await vault.sealOwn(db, placeOf(key), value, async (sealed, present) => {
        const { rows } = await sql`
          with present as (${present}), made as (
            insert into platform_note (platform, key_hash, sealed)
            select ${platform}, ${hashOf(key)}::bytea, ${sealed}::bytea from present
            on conflict (platform, key_hash) do nothing)
          select 1 from present`.execute(db);
        return rows.length > 0;
      });
      return (await read(key)) ?? value;
    },
    forget: async (key, value) => {
      const row = await find(key);
      if (!row || vault.openOwn(placeOf(key), row.sealed) !== value) return;
      await db
        .deleteFrom('platform_note')
        .where('platform', '=', platform)
        .where('key_hash', '=', hashOf(key))
        .where('sealed', '=', row.sealed)
        .execute();
    },
  };
}

/** The key stands there as its hash, too: whoever seals the notes anew knows nothing else of it. */
function noteSealContext(platform: string, keyHash: Buffer): string {
  return `platform_note|${platform}|${keyHash.toString('hex')}`;
}

/** Seals every note under another master key. In a transaction that holds the row of the present one. */
export async function resealNotes(db: Db, vault: Vault, masterKeyId: string): Promise<void> {
  const notes = await db
    .selectFrom('platform_note')
    .select(['platform', 'key_hash', 'sealed'])
    .forUpdate()
    .execute();
  if (notes.length === 0) return;
  const hashes = notes.map((note) => vault.recoverHash(note.key_hash, masterKeyId));
  const sealed = notes.map(({ platform, key_hash: old, sealed: before }, index) => {
    const place = noteSealContext(platform, hashes[index] ?? old);
    return vault.resealOwn(noteSealContext(platform, old), place, before, masterKeyId);
  });
  await sql`
    update platform_note n set sealed = s.sealed, key_hash = s.changed
    from unnest(${notes.map((note) => note.platform)}::text[], ${notes.map((note) => note.key_hash)}::bytea[],
      ${hashes}::bytea[], ${sealed}::bytea[]) as s (platform, key_hash, changed, sealed)
    where n.platform = s.platform and n.key_hash = s.key_hash`.execute(db);
}
