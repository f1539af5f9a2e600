import { sql } from 'kysely';
import type { Db } from './database.ts';
import type { Vault } from './vault.ts';

/** What one platform has to remember for this instance, sealed. See `PlatformNotes` of the platforms. */
export interface NoteBook {
  read(key: string): Promise<string | null>;
  keep(key: string, value: string): Promise<string>;
  forget(key: string, value: string): Promise<void>;
}

/** The notes of one platform. */
export function notesOf(db: Db, vault: Vault, platform: string): NoteBook {
  const placeOf = (key: string): string => `platform_note|${platform}|${key}`;
  const find = (key: string) =>
    db
      .selectFrom('platform_note')
      .select('sealed')
      .where('platform', '=', platform)
      .where('key', '=', key)
      .executeTakeFirst();
  const read = async (key: string): Promise<string | null> => {
    const row = await find(key);
    return row ? vault.openOwn(placeOf(key), row.sealed) : null;
  };
  return {
    read,
    keep: async (key, value) => {
      const sealed = vault.sealOwn(placeOf(key), value);
      await sql`
        insert into platform_note (platform, key, sealed) values (${platform}, ${key}, ${sealed})
        on conflict (platform, key) do nothing`.execute(db);
      return (await read(key)) ?? value;
    },
    forget: async (key, value) => {
      const row = await find(key);
      if (!row || vault.openOwn(placeOf(key), row.sealed) !== value) return;
      await db
        .deleteFrom('platform_note')
        .where('platform', '=', platform)
        .where('key', '=', key)
        .where('sealed', '=', row.sealed)
        .execute();
    },
  };
}
