import { access } from 'node:fs/promises';
import { sql } from 'kysely';
import type { Db } from './database.ts';

const OF_THIS_MACHINE = new Set(['', 'localhost', '127.0.0.1', '[::1]']);

/**
 * Where a PostgreSQL of this machine keeps its files. Null where it is on another machine, in a container of its own, or does
 * not tell: it tells those who have pg_read_all_settings.
 */
export async function findDatabaseFolder(db: Db, url: string): Promise<string | null> {
  if (!OF_THIS_MACHINE.has(hostOf(url))) return null;
  try {
    const { rows } = await sql<{ path: string | null }>`
      select current_setting('data_directory', true) as path`.execute(db);
    const path = rows[0]?.path ?? null;
    if (path !== null) await access(path);
    return path;
  } catch {
    return null;
  }
}

function hostOf(url: string): string {
  try {
    return new URL(url).hostname;
  } catch {
    return 'unknown';
  }
}
