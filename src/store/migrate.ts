import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Kysely, type Migration, Migrator, sql } from 'kysely';
import { ConfigurationError } from '../domain/errors.ts';
import type { Schema } from './schema.ts';

const FOLDER = join(import.meta.dirname, 'migrations');

/** Looks at a database as it is found, of this version or an older one. @throws ConfigurationError when it is not to be touched. */
export type Recognise = (db: Kysely<Schema>) => Promise<void>;

/**
 * Brings the database to this version's schema: append-only SQL files, forward only, each in a transaction.
 * @throws ConfigurationError when the database was written by a newer version, or `recognise` refuses it; nothing is changed then.
 */
export async function migrate(
  db: Kysely<Schema>,
  recognise: Recognise = async () => undefined,
): Promise<void> {
  const migrations = await readMigrations();
  await refuseNewer(db, migrations);
  await recognise(db);
  await run(db, migrations);
}

/** Brings an empty database to the schema of one that has had these migrations. @throws ConfigurationError as `migrate` does. */
export async function migrateTo(db: Kysely<Schema>, applied: readonly string[]): Promise<void> {
  const migrations = await readMigrations();
  refuseUnknown(applied, migrations);
  const wanted = Object.entries(migrations).filter(([name]) => applied.includes(name));
  await run(db, Object.fromEntries(wanted));
}

/** The name of this version's last migration. */
export async function latestMigration(): Promise<string> {
  return Object.keys(await readMigrations()).at(-1) ?? '';
}

async function run(db: Kysely<Schema>, migrations: Record<string, Migration>): Promise<void> {
  const provider = { getMigrations: async () => migrations };
  const { error } = await new Migrator({ db, provider }).migrateToLatest();
  if (error) throw error;
}

async function readMigrations(): Promise<Record<string, Migration>> {
  const files = (await readdir(FOLDER)).filter((name) => name.endsWith('.sql')).sort();
  const entries = files.map(async (name): Promise<[string, Migration]> => {
    const text = await readFile(join(FOLDER, name), 'utf8');
    return [
      name.slice(0, -'.sql'.length),
      {
        up: async (db) => {
          await sql.raw(text).execute(db);
        },
      },
    ];
  });
  return Object.fromEntries(await Promise.all(entries));
}

async function refuseNewer(db: Kysely<Schema>, known: Record<string, Migration>): Promise<void> {
  const table = await sql<{ found: boolean }>`
    select to_regclass('kysely_migration') is not null as found`.execute(db);
  if (!table.rows[0]?.found) return;
  const applied = await sql<{ name: string }>`
    select name from kysely_migration order by name`.execute(db);
  refuseUnknown(
    applied.rows.map(({ name }) => name),
    known,
  );
}

function refuseUnknown(applied: readonly string[], known: Record<string, Migration>): void {
  const unknown = applied.find((name) => !(name in known));
  if (unknown !== undefined) {
    throw new ConfigurationError(
      `The database was written by a newer version of Tocsin (it has migration ${unknown}); start that version, or restore a backup made before it`,
    );
  }
}
