import { createReadStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { defineCommand } from 'citty';
import { exportLedger } from '../actions/ledger/export-ledger.ts';
import { ConflictError } from '../domain/errors.ts';
import { createLedgerCheck, type LedgerCheck, type LedgerVerdict } from '../domain/ledger-check.ts';
import { print, UsageError, withContext } from './command.ts';

const json = { type: 'boolean', description: 'One line of JSON', default: false } as const;

const exportCommand = defineCommand({
  meta: { name: 'export', description: 'A campaign’s ledger as JSON lines' },
  args: {
    slug: { type: 'positional', description: 'The campaign’s slug', required: true },
    out: { type: 'string', description: 'Write to this file instead of the standard output' },
    json,
  },
  run: async ({ args }) => {
    const { out } = args;
    if (args.json && out === undefined) {
      throw new UsageError('--json: without --out the ledger itself is what is printed');
    }
    await withContext(async (ctx) => {
      const { header, text } = await exportLedger(ctx, { slug: args.slug });
      const check = createLedgerCheck();
      const pieces = checked(text, check);
      if (out !== undefined) await writeFile(out, pieces);
      else if (!(await writeOut(pieces))) return;
      const verdict = check.end();
      if (out !== undefined) {
        const { slug, campaign, head } = header;
        const whole = verdict.whole;
        const summary = {
          slug,
          campaign,
          entries: head.position,
          head: head.hash,
          file: out,
          whole,
        };
        print(args.json, summary, [
          `${head.position} entries of ${slug} in ${out}`,
          `head ${head.hash}`,
          'Write the head down, or publish it: against it, nobody can rewrite what came before.',
        ]);
      }
      refuseBroken(verdict);
    });
  },
});

const verify = defineCommand({
  meta: { name: 'verify', description: 'Check an export; needs neither an instance nor a network' },
  args: {
    file: { type: 'positional', description: 'A file that export wrote', required: true },
    head: { type: 'string', description: 'A head written down earlier: it must be in the file' },
    json,
  },
  run: async ({ args }) => {
    const head = args.head?.toLowerCase() ?? null;
    if (head !== null && !/^[0-9a-f]{64}$/.test(head)) {
      throw new UsageError('--head: give the whole hash, 64 hexadecimal digits');
    }
    const check = createLedgerCheck(head);
    await readInto(args.file, check);
    const verdict = check.end();
    if (verdict.whole) print(args.json, verdict, describeVerdict(verdict));
    else if (args.json) print(true, verdict, []);
    refuseBroken(verdict);
  },
});

export const ledgerCommand = defineCommand({
  meta: { name: 'ledger', description: 'What was tried: export, and verify an export' },
  subCommands: { export: exportCommand, verify },
});

function describeVerdict(verdict: Extract<LedgerVerdict, { whole: true }>): string[] {
  const { slug, campaign, entries, head, headAt } = verdict;
  return [
    `Whole: ${entries} entries of ${slug} (${campaign})`,
    `head ${head}`,
    ...(headAt === null ? [] : [`The head given is that of entry ${headAt}.`]),
  ];
}

/** Exit 1, with the first broken line. */
function refuseBroken(verdict: LedgerVerdict): void {
  if (!verdict.whole) throw new ConflictError('ledger_broken', verdict.message);
}

/** What passes through is also checked, so that a broken ledger is never handed on in silence. */
async function* checked(text: AsyncIterable<string>, check: LedgerCheck): AsyncGenerator<Buffer> {
  for await (const piece of text) {
    const bytes = Buffer.from(piece);
    check.add(bytes);
    yield bytes;
  }
}

/** False when the reader has closed the pipe, as `head` does. */
async function writeOut(pieces: AsyncIterable<Buffer>): Promise<boolean> {
  try {
    await pipeline(Readable.from(pieces), process.stdout, { end: false });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') return false;
    throw error;
  }
}

/** The file is there when it is complete, and not before. */
async function writeFile(path: string, pieces: AsyncIterable<Buffer>): Promise<void> {
  const part = `${path}.part`;
  const file = await open(part, 'w').catch((error: Error) => {
    throw new UsageError(`${path}: cannot be written (${error.message})`);
  });
  try {
    await pipeline(Readable.from(pieces), file.createWriteStream());
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

async function readInto(path: string, check: LedgerCheck): Promise<void> {
  try {
    for await (const piece of createReadStream(path)) check.add(piece as Buffer);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new UsageError(`${path}: cannot be read (${message})`);
  }
}
