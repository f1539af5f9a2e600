import { parseArgs } from 'node:util';
import { MUTATED } from './parts.ts';

export interface MutationOptions {
  /** Paths from the repository's top. */
  files: readonly string[];
  json: boolean;
  /** Whether to forget what earlier runs found. */
  fresh: boolean;
  /** Where the table goes; null: only to the terminal. */
  out: string | null;
}

export const HELP = `Usage: npm run mutate -- [options]

Changes the engine in hundreds of small ways, one at a time, and counts how many of them the tests notice.

  --files LIST     what to change, by comma; a line range can follow, as in burst.ts:40-60 (everything that sends)
  --fresh          forget what earlier runs found of other files
  --json           the last line is one JSON object
  --out FILE       write the table there, as Markdown

Exit: 0, 1 when fewer than 85 of 100 were noticed, 2 for wrong usage.`;

/** @throws an Error with one line, for wrong usage. */
export function readOptions(args: string[]): MutationOptions | 'help' {
  const { values } = parseArgs({
    args,
    options: {
      files: { type: 'string' },
      fresh: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      out: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  const files = values.files?.split(',').map((file) => file.trim()) ?? [...MUTATED];
  const wrong = files.find((file) => !/^(src|config|workers)\/.+\.ts(:\d+-\d+)?$/.test(file));
  if (wrong !== undefined) {
    throw new Error(`--files: "${wrong}" is not a file of the product, such as ${MUTATED[0]}`);
  }
  return { files, fresh: values.fresh, json: values.json, out: values.out ?? null };
}
