import { access } from 'node:fs/promises';
import { defineCommand } from 'citty';
import { backUp } from '../actions/upkeep/back-up.ts';
import { checkBackup, markRestored, restoreBackup } from '../actions/upkeep/restore-backup.ts';
import { print, UsageError, withContext } from './command.ts';

const json = { type: 'boolean', description: 'One line of JSON', default: false } as const;

const NEXT = [
  'Nothing is sent now. Start the instance: it looks for every post that may have gone out since the backup.',
  'Then let sending go on: npm run tocsin -- instance release',
];

/** `backup FILE` */
export const backupCommand = defineCommand({
  meta: { name: 'backup', description: 'Write the whole database to a new file' },
  args: {
    file: { type: 'positional', description: 'The file to write', required: true },
    json,
  },
  run: async ({ args }) =>
    withContext(async (ctx) => {
      const { file, rows } = await backUp(ctx, { file: args.file });
      print(args.json, { file, rows }, [
        `${rows} rows written to ${file}. Keep secrets.json too, in another place: without it the file cannot be read.`,
      ]);
    }),
});

/** `restore FILE`, or `restore --already` */
export const restoreCommand = defineCommand({
  meta: { name: 'restore', description: 'Fill an empty database from a backup, and hold sending' },
  args: {
    file: { type: 'positional', description: 'The backup', required: false },
    already: {
      type: 'boolean',
      description: 'The database was restored by other means: only hold sending',
      default: false,
    },
    json,
  },
  run: async ({ args }) => {
    if (args.already === (args.file !== undefined)) {
      throw new UsageError('restore: name the backup, or add --already, and not both');
    }
    const { file } = args;
    if (file !== undefined) {
      await refuseMissing(file);
      await checkBackup(file);
    }
    await withContext(async (ctx) => {
      if (file === undefined) {
        await markRestored(ctx);
        return print(args.json, { held: true }, NEXT);
      }
      const rows = await restoreBackup(ctx, { file });
      print(args.json, { file, rows, held: true }, [
        `${rows} rows restored from ${file}.`,
        ...NEXT,
      ]);
    });
  },
});

/** @throws UsageError for a file that cannot be read, before a database is opened. */
async function refuseMissing(file: string): Promise<void> {
  await access(file).catch((error: Error) => {
    throw new UsageError(`restore: ${file} cannot be read (${error.message})`);
  });
}
