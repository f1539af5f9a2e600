// `demo-check.ts [embedded] [all]`: runs the README's demo as a reader would, on the embedded default, and of every platform on a real
// PostgreSQL and Redis, and judges each by the simulator's record. Its last line counts them as tests.
import { type Count, countLine } from './count.ts';
import { demoFaults } from './demo-verdict.ts';
import { startPostgres } from './services/postgres.ts';
import { run } from './services/programs.ts';
import { startRedis } from './services/redis.ts';
import type { Running } from './services/service.ts';

const goal = { supporters: 500, seconds: 240 };
const args = ['--exit', '--json', '--supporters', String(goal.supporters)];

const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => stopping.abort(signal));
}

const count: Count = { passed: 0, failed: 0, skipped: 0 };
const demos = process.argv.slice(2);
if (demos.includes('embedded')) await check('on the embedded default', [], {});
if (demos.includes('all')) {
  await withServers((env) =>
    check('of every platform, on PostgreSQL and Redis', ['--platforms', 'all'], env),
  ).catch((error: unknown) => {
    console.log(`Failed: the demo on PostgreSQL and Redis: ${String(error)}`);
    count.failed += 1;
  });
}
console.log(countLine(count));
process.exitCode = count.failed > 0 ? 1 : 0;

/** Runs the demo once and counts it. */
async function check(
  where: string,
  more: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<void> {
  const started = performance.now();
  const ran = await run('npm', ['run', 'demo', '--', ...args, ...more], {
    env: { ...bareEnvironment(), ...environment },
    timeoutMs: (goal.seconds + 30) * 1000,
    signal: stopping.signal,
    show: true,
  });
  const seconds = (performance.now() - started) / 1000;
  const faults = demoFaults({ ...ran, seconds }, goal);
  if (faults.length === 0) count.passed += 1;
  else count.failed += 1;
  const verdict = faults.length === 0 ? 'ok' : 'Failed';
  const details = faults.length === 0 ? `${seconds.toFixed(0)} s` : faults.join('; ');
  console.log(`${verdict}: the demo ${where}: ${details}`);
}

/** Lends a PostgreSQL and a Redis of our own, and takes them down again. */
async function withServers(use: (env: NodeJS.ProcessEnv) => Promise<void>): Promise<void> {
  const running: Running[] = [];
  try {
    const database = await startPostgres();
    running.push(database);
    const queue = await startRedis();
    running.push(queue);
    await use({ DATABASE_URL: database.url, REDIS_URL: queue.url });
  } finally {
    for (const one of running.reverse()) await one.stop();
  }
}

/** Only what a program needs to run: nothing of the caller's configuration. */
function bareEnvironment(): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR, CI } = process.env;
  return { PATH, HOME, CI, ...(TMPDIR === undefined ? {} : { TMPDIR }) };
}
