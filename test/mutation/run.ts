// `npm run mutate`: installs Stryker, and lets it change the code that sends.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installFromNpm } from '../support/npm.ts';
import { postgres } from '../support/services/postgres.ts';
import { run } from '../support/services/programs.ts';
import { redis } from '../support/services/redis.ts';
import { setUp } from '../support/services/set-up.ts';
import { makeTemp, type TempFolder } from '../support/services/temp.ts';
import { HELP, type MutationOptions, readOptions } from './options.ts';
import { carriedOver, type MutationReport, mutationPage, scoresOf, unnoticed } from './score.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const STRYKER = 'test/mutation/node_modules/@stryker-mutator/core/bin/stryker.js';
/** Beside an instance's own data, which is not in the repository. */
const EARLIER = 'data/mutation.json';
const GOAL = 85;
/** A test that a change has made endless is ended so long after the time that it takes without. */
const PATIENCE_MS = 15_000;
/** Properties are tried as often as in `npm run test:full`: what a hundred runs do not notice, five thousand may. */
const FUZZ = '50';
/** These tests wait more than they work. */
const CONCURRENCY = 4;

const say = (line: string): boolean => process.stderr.write(`${line}\n`);
const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => stopping.abort(signal));
}

async function main(args: string[]): Promise<number> {
  const options = readUsage(args);
  if (typeof options === 'number') return options;
  await installFromNpm('test/mutation', stopping.signal);
  const startedAt = performance.now();
  const report = await keep(await mutate(options.files), options.fresh);
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  const { all } = scoresOf(report);
  const page = mutationPage(report, ['npm run mutate --', ...args].join(' '), seconds);
  for (const line of unnoticed(report)) console.log(line);
  console.log(page);
  if (options.out !== null) await writeFile(options.out, page);
  if (options.json) console.log(JSON.stringify({ ...scoresOf(report), seconds }));
  return all.noticed < GOAL ? 1 : 0;
}

function readUsage(args: string[]): MutationOptions | number {
  try {
    const options = readOptions(args);
    if (options !== 'help') return options;
    console.log(HELP);
    return 0;
  } catch (error) {
    say(`${(error as Error).message}\n\n${HELP}`);
    return 2;
  }
}

async function mutate(files: readonly string[]): Promise<MutationReport> {
  const folder = await makeTemp('mutation');
  const services = await setUp({ say, signal: stopping.signal, ladders: [postgres, redis] });
  try {
    if (services.leftOut.length > 0) throw new Error(services.leftOut.join('\n'));
    const env = { ...process.env, ...services.environment, FUZZ };
    const config = await writeConfig(folder, files);
    const { signal } = stopping;
    const args = [STRYKER, 'run', config];
    const { code, output } = await run(process.execPath, args, {
      ...{ cwd: root, env, signal, show: true },
    });
    const text = await readFile(join(folder.path, 'report.json'), 'utf8').catch(() => null);
    if (code !== 0 || text === null) {
      throw new Error(`Stryker ended with ${code}:\n${output.trim().slice(-2_000)}`);
    }
    return JSON.parse(text) as MutationReport;
  } finally {
    await services.stop();
    await folder.remove();
  }
}

/** Adds what earlier runs found of code that is still the same, and keeps all of it for the next. */
async function keep(now: MutationReport, fresh: boolean): Promise<MutationReport> {
  const path = join(root, EARLIER);
  const text = fresh ? null : await readFile(path, 'utf8').catch(() => null);
  const earlier: MutationReport = text === null ? { files: {} } : JSON.parse(text);
  for (const [file, { source }] of Object.entries(earlier.files)) {
    const still = await readFile(join(root, file), 'utf8').catch(() => null);
    if (still !== source) delete earlier.files[file];
  }
  const all = carriedOver(earlier, now);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, JSON.stringify(all));
  return all;
}

/** https://stryker-mutator.io/docs/stryker-js/configuration */
async function writeConfig(folder: TempFolder, files: readonly string[]): Promise<string> {
  const path = join(folder.path, 'stryker.config.json');
  const config = {
    testRunner: 'vitest',
    plugins: ['@stryker-mutator/vitest-runner'],
    vitest: { configFile: 'test/mutation/vitest.config.ts' },
    mutate: files,
    coverageAnalysis: 'perTest',
    concurrency: CONCURRENCY,
    timeoutMS: PATIENCE_MS,
    // TypeScript 7 has no API for it to read ours with; nothing in it changes how the tests run.
    tsconfigFile: 'none.json',
    ignorePatterns: ['docs', 'data', 'test-results', 'test/peers/node_modules'],
    reporters: ['progress-append-only', 'json'],
    jsonReporter: { fileName: join(folder.path, 'report.json') },
    tempDirName: join(folder.path, 'copies'),
  };
  await writeFile(path, JSON.stringify(config));
  return path;
}

process.exitCode = await main(process.argv.slice(2)).catch((error: Error) => {
  say(error.message);
  return 1;
});
