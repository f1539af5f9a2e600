import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type Migration, Migrator, sql } from 'kysely';
import { openPlain } from './plain-records.ts';

const FOLDER = fileURLToPath(new URL('../../src/store/migrations/', import.meta.url));

/** Brings an empty database to the schema of an earlier version: the migrations up to `last` (a file's name without .sql). */
export async function migrateTo(url: string, last: string): Promise<void> {
  const files = (await readdir(FOLDER)).filter((name) => name.endsWith('.sql')).sort();
  const known = files.map((name) => name.slice(0, -'.sql'.length)).filter((name) => name <= last);
  if (known.at(-1) !== last) throw new Error(`There is no migration ${last}`);
  const migrations: Record<string, Migration> = {};
  for (const name of known) {
    const text = await readFile(`${FOLDER}${name}.sql`, 'utf8');
    migrations[name] = { up: async (db) => void (await sql.raw(text).execute(db)) };
  }
  const { db, close } = openPlain<unknown>(url);
  try {
    const provider = { getMigrations: async () => migrations };
    const { error } = await new Migrator({ db, provider }).migrateToLatest();
    if (error) throw error;
  } finally {
    await close();
  }
}
