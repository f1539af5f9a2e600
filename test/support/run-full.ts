// `npm run test:full`: everything there is, and what came of it in docs/verified.md. With arguments, the tests that they select, every
// language, page and case of them, and no page.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type Count, countLine, readCountLine } from './count.ts';
import { machine } from './page.ts';
import { run } from './services/programs.ts';
import { type Step, writeVerified } from './verified.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const tsx = ['--import', 'tsx'];

/** What is run, one after the other; each but the first two ends with a count. */
const STEPS: readonly { name: string; command: string[]; uncounted?: true }[] = [
  { name: 'style', command: ['npm', 'run', 'check:style'], uncounted: true },
  { name: 'types', command: ['npm', 'run', 'check:types'], uncounted: true },
  { name: 'tests of every tier', command: ['node', ...tsx, 'test/support/run.ts', 'full'] },
  { name: 'every page, however it is come to', command: ['npm', 'run', 'test:matrix'] },
  { name: 'servers and clients that others wrote', command: ['npm', 'run', 'test:peers'] },
  { name: 'demos', command: ['node', ...tsx, 'test/support/demo-check.ts', 'embedded', 'all'] },
];

const NONE: Count = { passed: 0, failed: 0, skipped: 0 };

const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => stopping.abort(signal));
}

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  const [, , tests] = STEPS;
  if (args.length > 0 && tests) return (await play([...tests.command, ...args])).code;
  const commit = await describeCommit();
  const steps: Step[] = [];
  const failures: string[] = [];
  for (const { name, command, uncounted } of STEPS) {
    if (stopping.signal.aborted) break;
    console.log(`== ${name}: ${command.join(' ')}`);
    const since = performance.now();
    const { code, count, failed } = await play(command);
    failures.push(...failed);
    const seconds = Math.round((performance.now() - since) / 1000);
    steps.push({ name, count: counted(code, uncounted ? null : count, uncounted), seconds });
  }
  const total = steps.reduce<Count>((sum, { count }) => add(sum, count), NONE);
  if (stopping.signal.aborted) total.failed += 1;
  const date = new Date().toISOString().slice(0, 10);
  await writeVerified({ commit, date, machine: machine(), node: process.version, steps, total });
  // Again, since each was said long before the end.
  for (const line of failures) console.log(line);
  console.log(countLine(total));
  return total.failed + total.skipped > 0 ? 1 : 0;
}

function add(a: Count, b: Count): Count {
  return {
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    skipped: a.skipped + b.skipped,
  };
}

/** A step that failed, or that should have counted and did not, is one failure at least. */
function counted(code: number, count: Count | null, uncounted: true | undefined): Count {
  if (uncounted) return { ...NONE, [code === 0 ? 'passed' : 'failed']: 1 };
  if (!count) return { ...NONE, failed: 1 };
  return code !== 0 && count.failed === 0 ? { ...count, failed: 1 } : count;
}

/** How a command ended. */
interface Played {
  code: number;
  /** That of its last line of that form. */
  count: Count | null;
  /** Its lines that name a failure. */
  failed: string[];
}

/** Runs a command in the open. */
function play([program = '', ...args]: string[]): Promise<Played> {
  const child = spawn(program, args, {
    cwd: root,
    env: { ...process.env, CI: 'true' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const forward = () => child.kill('SIGTERM');
  stopping.signal.addEventListener('abort', forward);
  const failed: string[] = [];
  let count: Count | null = null;
  child.stdout.pipe(process.stdout, { end: false });
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line.startsWith('Failed: ')) failed.push(line);
    count = readCountLine(line) ?? count;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      stopping.signal.removeEventListener('abort', forward);
      resolve({ code: code ?? 1, count, failed });
    });
  });
}

/** The commit that is being tried, and whether anything in the tree is not in it. */
async function describeCommit(): Promise<string> {
  const head = (await run('git', ['rev-parse', 'HEAD'], { cwd: root })).output.trim();
  // The page that the run before has written does not count.
  const paths = ['--', '.', ':!docs/verified.md'];
  const status = await run('git', ['status', '--porcelain', ...paths], { cwd: root });
  const changes = status.output.trim();
  return changes === '' ? head : `${head}, with changes that are not committed`;
}
