import { setTimeout as sleep } from 'node:timers/promises';
import type { Child } from '../../support/child.ts';
import type { Findings } from '../fire.ts';
import { restGoals } from '../goals.ts';
import type { House } from '../house.ts';
import { median, round } from '../measure.ts';
import type { BenchOptions } from '../options.ts';
import { figure, goalTable, table } from '../print.ts';
import { activityBetween, type ProcessUse, readTree } from './processes.ts';

/** The processes of one program, or all of an instance's, at rest. */
export interface RestRow {
  of: 'node' | 'postgres' | 'other' | 'instance' | 'npm';
  processes: number;
  rss_mib: number;
  pss_mib: number;
  /** Of one core. */
  cpu_percent: number;
  wake_ups_per_second: number;
}

/** How long `npm start` took until it said that it was ready; milliseconds, medians over the runs. */
export interface ReadyRow {
  folder: 'empty' | 'used before';
  ready_ms: number;
}

/** What a start leaves to be cleared up is not counted: the first half minute belongs to it. */
const SETTLE_MS = 30_000;

/** `npm start` with nothing set: how soon it is ready, and what it takes while nobody wants anything. */
export async function benchRest(
  house: House,
  { runs, seconds }: BenchOptions,
  say: (line: string) => void,
): Promise<Findings> {
  const ready: Record<ReadyRow['folder'], number[]> = { empty: [], 'used before': [] };
  let rows: RestRow[] = [];
  for (let run = 1; run <= runs; run++) {
    const folder = await house.makeFolder();
    const first = await startInstance(house, folder);
    await first.stop();
    const second = await startInstance(house, folder);
    ready.empty.push(first.readyMs);
    ready['used before'].push(second.readyMs);
    say(`run ${run}: ready after ${figure(first.readyMs)} ms, then ${figure(second.readyMs)} ms`);
    if (run === runs) rows = await watch(second, seconds, say);
    await second.stop();
  }
  const starts = Object.entries(ready).map(
    ([of, ms]): ReadyRow => ({ folder: of as ReadyRow['folder'], ready_ms: round(median(ms)) }),
  );
  const goals = restGoals(starts, rows);
  const text = [readyTable(starts), restTable(rows), noteOf(runs, seconds), goalTable(goals)];
  return { json: { starts, rows, goals }, text: text.join('\n\n') };
}

interface Started {
  readyMs: number;
  /** What was started: npm, or the instance itself where this was not started by npm. */
  root: number;
  /** The process of the instance. */
  pid: number;
  stop(): Promise<void>;
}

const STOP_MS = 30_000;

async function startInstance(house: House, folder: string): Promise<Started> {
  const npm = process.env.npm_execpath;
  const program = ['src/build/run.mjs', 'main'];
  const began = performance.now();
  const child = await house.start({
    args: npm === undefined ? program : [npm, 'start'],
    env: { DATA_DIR: folder, PORT: '0' },
  });
  await child.line(/^Tocsin is ready at/, { timeoutMs: 120_000 });
  const readyMs = performance.now() - began;
  const pid = await instanceOf(child, npm !== undefined);
  return {
    ...{ readyMs, root: child.pid, pid },
    stop: async () => {
      process.kill(pid, 'SIGTERM');
      const late = sleep(STOP_MS).then(() => {
        throw new Error(`The instance did not end within ${STOP_MS} ms`);
      });
      await Promise.race([child.exit, late]);
    },
  };
}

async function instanceOf(child: Child, byNpm: boolean): Promise<number> {
  if (!byNpm) return child.pid;
  const below = (await readTree(child.pid)).filter(
    ({ pid, program }) => pid !== child.pid && program === 'node',
  );
  const [instance] = below;
  if (instance === undefined || below.length > 1) throw new Error('npm start is not one process');
  return instance.pid;
}

async function watch(
  { root, pid }: Started,
  seconds: number,
  say: (line: string) => void,
): Promise<RestRow[]> {
  await sleep(SETTLE_MS);
  const look = async () => ({ all: await readTree(root), at: performance.now() });
  const before = await look();
  say(`at rest for ${seconds} s`);
  await sleep(seconds * 1_000);
  const after = await look();
  const took = (after.at - before.at) / 1_000;
  const rowOf = (of: RestRow['of'], counts: (one: ProcessUse) => boolean): RestRow => {
    const there = after.all.filter(counts);
    const { cpuUs, wakeUps } = activityBetween(before.all.filter(counts), there);
    const sum = (pick: (one: ProcessUse) => number) =>
      round(there.reduce((total, one) => total + pick(one), 0));
    return {
      ...{ of, processes: there.length, rss_mib: sum((one) => one.rssMib) },
      pss_mib: sum((one) => one.pssMib),
      cpu_percent: Math.round(cpuUs / took / 100) / 100,
      wake_ups_per_second: round(wakeUps / took),
    };
  };
  const isNpm = (one: ProcessUse) => one.pid === root && root !== pid;
  const isOther = ({ program }: ProcessUse) => program !== 'node' && program !== 'postgres';
  const rows = [
    rowOf('node', (one) => one.program === 'node' && !isNpm(one)),
    rowOf('postgres', (one) => one.program === 'postgres'),
    rowOf('other', isOther),
    rowOf('instance', (one) => !isNpm(one)),
    rowOf('npm', isNpm),
  ];
  return rows.filter(({ processes }) => processes > 0);
}

function readyTable(starts: readonly ReadyRow[]): string {
  return table(
    ['data folder', 'ready after'],
    starts.map(({ folder, ready_ms }) => [folder, figure(ready_ms)]),
  );
}

function restTable(rows: readonly RestRow[]): string {
  return table(
    ['at rest', 'processes', 'RSS', 'PSS', 'CPU', 'wake-ups/s'],
    rows.map((row) => [
      ...[row.of, String(row.processes), figure(row.rss_mib), figure(row.pss_mib)],
      ...[`${row.cpu_percent.toFixed(2)} %`, figure(row.wake_ups_per_second)],
    ]),
  );
}

function noteOf(runs: number, seconds: number): string {
  return `\`npm start\` with nothing set but the folder and a free port, so that its database is the embedded one; the servers of the bench stand idle
beside it. Milliseconds from the start of npm to "ready", medians of ${runs}. The rest was watched for ${seconds} s, from half a minute after "ready" on. Memory in
MiB at the end: RSS counts what processes share once for each of them, PSS divides it among them, so that only PSS can be added up.
CPU is user and system time of one core; a wake-up is a thread that had gone to sleep by itself (voluntary context switches). The
instance is all of them but npm, which waits for its end.`;
}
