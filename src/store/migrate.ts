import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Kysely, type Migration, Migrator, sql } from 'kysely';
import { ConfigurationError } from '../domain/errors.ts';
import type { Schema } from './schema.ts';

const FOLDER = join(import.meta.dirname, 'migrations');

/** The SQL of migrations by their names, in their order. */
type Migrations = ReadonlyMap<string, string>;

/** Looks at a database as it is found, of this version or an older one. @throws ConfigurationError when it is not to be touched. */
export type Recognise = (db: Kysely<Schema>) => Promise<void>;

/**
 * Brings the database to this version's schema: append-only SQL files, forward only, all that are new to it in one transaction.
 * @throws ConfigurationError when the database was written by a newer version, or `recognise` refuses it; nothing is changed then.
 */
export async function migrate(
  db: Kysely<Schema>,
  recognise: Recognise = async () => undefined,
): Promise<void> {
  const migrations = await readMigrations();
  const applied = await listApplied(db);
  refuseUnknown(applied, migrations);
  await recognise(db);
  if (applied.length < migrations.size) await run(db, migrations);
}

/** Brings an empty database to the schema of one that has had these migrations. @throws ConfigurationError as `migrate` does. */
export async function migrateTo(db: Kysely<Schema>, applied: readonly string[]): Promise<void> {
  const migrations = await readMigrations();
  refuseUnknown(applied, migrations);
  await run(db, new Map([...migrations].filter(([name]) => applied.includes(name))));
}

/** The name of this version's last migration. */
export async function latestMigration(): Promise<string> {
  return [...(await readMigrations()).keys()].at(-1) ?? '';
}

async function run(db: Kysely<Schema>, migrations: Migrations): Promise<void> {
  const provider = { getMigrations: async () => inFewSteps(migrations) };
  const { error } = await new Migrator({ db, provider }).migrateToLatest();
  if (error) throw error;
}

/** The first migration runs on an empty database alone, and there it brings the others with it, in one statement for all of them. */
function inFewSteps(migrations: Migrations): Record<string, Migration> {
  const whole = [...migrations.values()].join('\n;\n');
  let isWhole = false;
  const steps = [...migrations].map(([name, text], index): [string, Migration] => [
    name,
    {
      up: async (db) => {
        if (isWhole) return;
        isWhole = index === 0;
        await sql.raw(isWhole ? whole : text).execute(db);
      },
    },
  ]);
  return Object.fromEntries(steps);
}

async function readMigrations(): Promise<Migrations> {
  const files = (await readdir(FOLDER)).filter((name) => name.endsWith('.sql')).sort();
  const texts = files.map(async (name): Promise<[string, string]> => {
    return [name.slice(0, -'.sql'.length), await readFile(join(FOLDER, name), 'utf8')];
  });
  return new Map(await Promise.all(texts));
}

/** The names of those that the database has had. */
async function listApplied(db: Kysely<Schema>): Promise<string[]> {
  const table = await sql<{ found: boolean }>`
    select to_regclass('kysely_migration') is not null as found`.execute(db);
  if (!table.rows[0]?.found) return [];
  const { rows } = await sql<{ name: string }>`
    select name from kysely_migration order by name`.execute(db);
  return rows.map(({ name }) => name);
}

function refuseUnknown(applied: readonly string[], known: Migrations): void {
  const unknown = applied.find((name) => !known.has(name));
  if (unknown !== undefined) {
    throw new ConfigurationError(
      `The database was written by a newer version of Tocsin (it has migration ${unknown}); start that version, or restore a backup made before it`,
    );
  }
}
