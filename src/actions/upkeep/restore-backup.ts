import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Context } from '../../context.ts';
import { ConflictError, InputError } from '../../domain/errors.ts';
import {
  advanceSequences,
  clearSeeds,
  isTable,
  readSchemaVersion,
  refuseFilled,
  writeRows,
} from '../../store/backup.ts';
import type { Db } from '../../store/connection/database.ts';
import { latestMigration } from '../../store/migrate.ts';
import { readEpoch } from '../../store/stop/restored.ts';
import { listWorkers } from '../../store/worker.ts';
import { holdRestored, noteEpoch } from '../stop/check-restored.ts';
import { BACKUP_FORMAT } from './back-up.ts';

/** Rows written with one statement. */
const PAGE = 500;
const BY_COMMAND = 'the database was restored with `tocsin restore`';

/**
 * Reads a backup through before any database is opened, since opening one brings it to this version's schema, and the version that a
 * refused backup needs could not use it any more. @throws InputError where it is not whole, or of another version.
 */
export async function checkBackup(file: string): Promise<void> {
  const schema = await latestMigration();
  let number = 0;
  let rows = 0;
  let end: number | null = null;
  for await (const line of linesOf(file)) {
    number++;
    if (number === 1) checkHeader(schema, line);
    else if (line.startsWith('{')) end = readEnd(line);
    else rows++;
  }
  refuseCut(rows, end);
}

/**
 * Fills an empty database from a backup and holds sending until posts that may have gone out since have been looked for and an
 * operator lets it go on. All or nothing. Returns how many rows were written.
 * @throws InputError for the file; ConflictError `not_empty`, or `running` while a worker is at work on this database.
 */
export async function restoreBackup(ctx: Context, input: { file: string }): Promise<number> {
  await refuseRunning(ctx);
  await refuseFilled(ctx.db);
  const count = await fillDatabase(ctx, input.file);
  await holdAgain(ctx, BY_COMMAND);
  return count;
}

/**
 * Writes a backup into an empty database, all or nothing, and holds nothing. Returns how many rows. @throws InputError for the
 * file; ConfigurationError when it is sealed under a master key that secrets.json does not hold.
 */
export async function fillDatabase(ctx: Context, file: string): Promise<number> {
  return ctx.db.transaction().execute(async (transaction) => {
    await clearSeeds(transaction);
    const rows = await writeAll(transaction, file);
    await advanceSequences(transaction);
    await ctx.vault.attach(transaction);
    return rows;
  });
}

/**
 * Says that the database was restored by other means (pg_restore, a copy of the data folder, a snapshot of the machine): sending
 * is held as after `restoreBackup`.
 */
export async function markRestored(ctx: Context): Promise<void> {
  await holdAgain(ctx, 'an operator says that the database was restored from a backup');
}

async function holdAgain(ctx: Context, reason: string): Promise<void> {
  const { databaseId } = await readEpoch(ctx.db);
  const noted = ctx.highWater.read(databaseId).map(({ epoch }) => epoch);
  await holdRestored(ctx, Math.max(0, ...noted), reason);
  await noteEpoch(ctx);
}

async function refuseRunning(ctx: Context): Promise<void> {
  const [worker] = await listWorkers(ctx.db);
  if (!worker) return;
  throw new ConflictError(
    'running',
    `The worker ${worker.name} is at work on this database; stop every instance and worker first`,
  );
}

async function writeAll(db: Db, file: string): Promise<number> {
  const schema = await readSchemaVersion(db);
  let count = 0;
  let number = 0;
  let table = '';
  let rows: string[] = [];
  let end: number | null = null;
  const flush = async (): Promise<void> => {
    if (rows.length > 0) await writeRows(db, table, rows);
    count += rows.length;
    rows = [];
  };
  for await (const line of linesOf(file)) {
    number++;
    if (number === 1) checkHeader(schema, line);
    else if (line.startsWith('{')) end = readEnd(line);
    else {
      const tab = line.indexOf('\t');
      const name = line.slice(0, tab);
      if (name !== table || rows.length >= PAGE) await flush();
      if (name !== table && !(await isTable(db, name))) throw damaged(`line ${number}`);
      table = name;
      rows.push(line.slice(tab + 1));
    }
  }
  await flush();
  refuseCut(count, end);
  return count;
}

function linesOf(file: string): AsyncIterable<string> {
  return createInterface({ input: createReadStream(file), crlfDelay: Infinity });
}

function refuseCut(count: number, end: number | null): void {
  if (end !== count) throw damaged(`it ends after ${count} rows, and should have ${end ?? 'more'}`);
}

function readEnd(line: string): number | null {
  const rows = parseMarks(line)?.rows;
  return typeof rows === 'number' ? rows : null;
}

function checkHeader(schema: string, line: string): void {
  const header = parseMarks(line);
  if (header?.format !== BACKUP_FORMAT) throw damaged('it does not begin as a backup of Tocsin');
  if (header.schema === schema) return;
  const message = `was made by another version of Tocsin (its schema is ${header.schema}, here it is ${schema}); restore it with that version, then upgrade`;
  throw new InputError([{ field: 'file', message }]);
}

interface Marks {
  format?: unknown;
  schema?: unknown;
  rows?: unknown;
}

function parseMarks(line: string): Marks | null {
  try {
    return JSON.parse(line) as Marks;
  } catch {
    return null;
  }
}

function damaged(what: string): InputError {
  const message = `is not a whole backup of Tocsin: ${what}`;
  return new InputError([{ field: 'file', message }]);
}
