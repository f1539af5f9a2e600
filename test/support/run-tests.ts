import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type Count,
  countLine,
  countReport,
  failedTests,
  type Report,
  skippedTests,
} from './count.ts';
import { type SetUpOptions, setUp } from './services/set-up.ts';
import { makeTemp } from './services/temp.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const inCi = process.env.CI === 'true';

const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => stopping.abort(signal));
}

const say = (line: string) => process.stderr.write(`${line}\n`);

/** A run of tests. */
export interface TestRun {
  /** Vitest's, from the repository's top. */
  config: string;
  /** More for vitest. */
  args: string[];
  /** What they need beside `setUp`'s own; see there. */
  services?: Pick<SetUpOptions, 'ladders' | 'install'>;
  /** More for the tests' environment. */
  environment?: Record<string, string>;
  /** What goes before everything else. */
  prepare?: (signal: AbortSignal) => Promise<void>;
}

/**
 * Finds or starts what the tests need, runs vitest, stops what it started, and says what was left out. The last line is the
 * count. Returns the exit code; never rejects.
 */
export async function runTests(tests: TestRun): Promise<number> {
  try {
    await tests.prepare?.(stopping.signal);
    return await runWithServices(tests);
  } catch (error) {
    say(`The tests could not run: ${error instanceof Error ? error.message : String(error)}`);
    console.log(countLine({ passed: 0, failed: 1, skipped: 0 }));
    return 1;
  }
}

async function runWithServices(tests: TestRun): Promise<number> {
  const since = performance.now();
  const services = await setUp({ ...tests.services, say, signal: stopping.signal });
  const setUpMs = performance.now() - since;
  try {
    const { code, report } = await runVitest(tests, services.environment);
    console.log(`Set-up: finding, installing and starting the services ${inSeconds(setUpMs)} s.`);
    const chosen = tests.args.some((arg) => /^(-t|--testNamePattern)/.test(arg));
    return conclude({ code, report, chosen }, services.leftOut);
  } finally {
    await services.stop();
  }
}

const inSeconds = (ms: number): string => (ms / 1000).toFixed(1);

/** Runs vitest to its end; its report is null when it wrote none. */
async function runVitest(
  { config, args, environment }: TestRun,
  found: Record<string, string>,
): Promise<{ code: number; report: Report | null }> {
  const folder = await makeTemp('report');
  const file = join(folder.path, 'report.json');
  const reporters = [
    ...['--reporter=default', '--reporter=test/support/time-reporter.ts'],
    ...['--reporter=json', `--outputFile.json=${file}`],
  ];
  const command = ['run', '--config', config, ...reporters, ...args];
  try {
    const code = await spawnVitest(command, { ...testEnvironment(found), ...environment });
    const text = await readFile(file, 'utf8').catch(() => null);
    return { code, report: text === null ? null : (JSON.parse(text) as Report) };
  } finally {
    await folder.remove();
  }
}

function spawnVitest(args: string[], env: NodeJS.ProcessEnv): Promise<number> {
  if (stopping.signal.aborted) return Promise.resolve(1);
  const vitest = fileURLToPath(new URL('./vitest.mjs', import.meta.resolve('vitest/package.json')));
  const child = spawn(process.execPath, [vitest, ...args], { cwd: root, env, stdio: 'inherit' });
  const forward = () => child.kill('SIGTERM');
  stopping.signal.addEventListener('abort', forward);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      stopping.signal.removeEventListener('abort', forward);
      resolve(code ?? 1);
    });
  });
}

/** The caller's environment, without the addresses of servers that are not for tests. */
function testEnvironment(found: Record<string, string>): NodeJS.ProcessEnv {
  const { DATABASE_URL, REDIS_URL, TEST_DATABASE_URL, TEST_REDIS_URL, CHROMIUM_PATH, ...rest } =
    process.env;
  return { ...rest, ...found };
}

/** A filter that matches nothing must not look like success. */
const NOTHING_RAN =
  'No test ran: none has this name or is in such a file. Files in test/browser, test/instance and test/chaos, and *.system.test.ts, belong to npm run test:system, *.full.test.ts to npm run test:full.';

/** Vitest writes no report of a run that it did not end. */
const INTERRUPTED = 'Interrupted: what had passed is not counted, and the run is a failure.';

/** What vitest has come to, and whether it was to run only tests of certain names. */
interface Conclusion {
  code: number;
  report: Report | null;
  chosen: boolean;
}

/** Prints the last lines; the very last is the count. Returns the exit code. */
function conclude({ code, report, chosen }: Conclusion, leftOut: string[]): number {
  const count: Count = report ? countReport(report) : { passed: 0, failed: 0, skipped: 0 };
  const nothingRan = count.passed + count.failed === 0;
  if (stopping.signal.aborted) console.log(INTERRUPTED);
  else if (nothingRan) console.log(NOTHING_RAN);
  if ((code !== 0 || nothingRan) && count.failed === 0) count.failed = 1;
  // Those that have another name than was asked for are no news.
  for (const test of report && !chosen ? skippedTests(report, root) : []) {
    console.log(`Skipped: ${test}`);
  }
  for (const test of report ? failedTests(report, root) : []) console.log(`Failed: ${test}`);
  for (const line of leftOut) console.log(`Left out: ${line}`);
  const incomplete = inCi && leftOut.length > 0;
  if (incomplete) {
    console.log('CI is set, so leaving something out is a failure.');
    count.failed += leftOut.length;
  }
  console.log(countLine(count));
  return code === 0 && (incomplete || nothingRan) ? 1 : code;
}
