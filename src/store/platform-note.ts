import { sql } from 'kysely';
import type { Db } from './database.ts';
import type { Vault } from './vault.ts';

/** What one platform has to remember for this instance, sealed. See `PlatformNotes` of the platforms. */
export interface NoteBook {
  read(key: string): Promise<string | null>;
  keep(key: string, value: string): Promise<string>;
  forget(key: string): Promise<void>;
}

/** The notes of one platform. */
export function notesOf(db: Db, vault: Vault, platform: string): NoteBook {
  const placeOf = (key: string): string => `platform_note|${platform}|${key}`;
  const read = async (key: string): Promise<string | null> => {
    const row = await db
      .selectFrom('platform_note')
      .select('sealed')
      .where('platform', '=', platform)
      .where('key', '=', key)
      .executeTakeFirst();
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
    forget: async (key) => {
      await db
        .deleteFrom('platform_note')
        .where('platform', '=', platform)
        .where('key', '=', key)
        .execute();
    },
  };
}
