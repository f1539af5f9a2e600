// `npm run conformance`: asks every platform the same questions and prints what each of them keeps of the contract.
//   --out docs/platforms.md   also writes the table between the marks of that page
import { spawn } from 'node:child_process';
import { access, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Report } from '../support/count.ts';
import { setUp } from '../support/services/set-up.ts';
import { makeTemp } from '../support/services/temp.ts';
import { between, type Column, columnsOf, hasNo, tableOf } from './table.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => stopping.abort(signal));
}

const say = (line: string) => process.stderr.write(`${line}\n`);

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  say(
    `The platforms could not be asked: ${error instanceof Error ? error.message : String(error)}`,
  );
  return 1;
});

async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { out: { type: 'string' } } });
  const services = await setUp({ say, signal: stopping.signal });
  try {
    const columns = columnsOf(await report(services.environment));
    if (columns.length === 0) throw new Error('no platform was asked');
    const table = tableOf(columns, await pagesOf(columns));
    console.log(table);
    if (values.out !== undefined) await write(join(root, values.out), table);
    return hasNo(columns) ? 1 : 0;
  } finally {
    await services.stop();
  }
}

/** Runs the files of the suite, one test file a platform. */
async function report(services: Record<string, string>): Promise<Report> {
  const folder = await makeTemp('conformance');
  const file = join(folder.path, 'report.json');
  const vitest = fileURLToPath(new URL('./vitest.mjs', import.meta.resolve('vitest/package.json')));
  const options = ['--reporter=json', `--outputFile.json=${file}`];
  const command = [vitest, 'run', '--config', 'test/vitest.config.ts', ...options];
  try {
    const child = spawn(process.execPath, [...command, 'test/conformance/'], {
      cwd: root,
      env: { ...process.env, ...services },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    stopping.signal.addEventListener('abort', () => child.kill('SIGTERM'));
    await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    return JSON.parse(await readFile(file, 'utf8')) as Report;
  } finally {
    await folder.remove();
  }
}

/** Those that have a page which takes an operator to a working app. */
async function pagesOf(columns: readonly Column[]): Promise<Set<string>> {
  const found = new Set<string>();
  for (const { name } of columns) {
    const page = join(root, 'docs/platforms', `${name}.md`);
    if (
      await access(page).then(
        () => true,
        () => false,
      )
    )
      found.add(name);
  }
  return found;
}

async function write(page: string, table: string): Promise<void> {
  const day = new Date().toISOString().slice(0, 10);
  const dated = `Run on ${day} with Node ${process.version}.\n\n${table}`;
  await writeFile(page, between(await readFile(page, 'utf8'), dated));
}
