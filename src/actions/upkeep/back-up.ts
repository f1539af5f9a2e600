import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import type { Context } from '../../context.ts';
import { InputError } from '../../domain/errors.ts';
import { readSchemaVersion, readTables } from '../../store/backup.ts';
import { readEpoch } from '../../store/stop/restored.ts';

/** Names the format in the first line of a backup. */
export const BACKUP_FORMAT = 'tocsin-backup-1';

export interface BackupSummary {
  file: string;
  rows: number;
}

/**
 * Writes the whole database, as of one instant, to a new file that only its owner can read: a header in JSON, then for each row
 * the table's name, a tab and the row in JSON. What is sealed in the database is sealed in the file: it is of no use without
 * secrets.json, which is not in it. What cannot be finished is removed. @throws InputError, for the field `file`, when it is there already
 * or cannot be written.
 */
export async function backUp(ctx: Context, { file }: { file: string }): Promise<BackupSummary> {
  const out = createWriteStream(file, { flags: 'wx', mode: 0o600, flush: true });
  await once(out, 'open').catch((error: NodeJS.ErrnoException) => {
    throw refusal(file, error);
  });
  try {
    return { file, rows: await writeAll(ctx, out) };
  } catch (error) {
    out.destroy();
    await rm(file, { force: true });
    throw error;
  }
}

function refusal(file: string, { code, message }: NodeJS.ErrnoException): InputError {
  const why =
    code === 'EEXIST'
      ? `${file} is there already and was left as it is; give another name`
      : `${file} cannot be written (${message}); choose a folder that this user may write`;
  return new InputError([{ field: 'file', message: why }]);
}

/** Returns how many rows. */
async function writeAll(ctx: Context, out: WriteStream): Promise<number> {
  const write = async (text: string): Promise<void> => {
    if (!out.write(text)) await once(out, 'drain');
  };
  const header = {
    format: BACKUP_FORMAT,
    schema: await readSchemaVersion(ctx.db),
    database: (await readEpoch(ctx.db)).databaseId,
    made_at: new Date(ctx.clock.now()).toISOString(),
  };
  await write(`${JSON.stringify(header)}\n`);
  let count = 0;
  await readTables(ctx.db, async (table, rows) => {
    count += rows.length;
    await write(rows.map((row) => `${table}\t${row}\n`).join(''));
  });
  await write(`${JSON.stringify({ rows: count })}\n`);
  out.end();
  await finished(out);
  return count;
}
