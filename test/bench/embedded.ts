import { setTimeout as sleep } from 'node:timers/promises';
import type { Findings } from './fire.ts';
import { embeddedGoals } from './goals.ts';
import type { House } from './house.ts';
import { inTurn } from './join.ts';
import { median, pairedDifference, round } from './measure.ts';
import type { BenchOptions } from './options.ts';
import { figure, goalTable, table } from './print.ts';
import { readTree } from './rest/processes.ts';
import { fireTocsin, type TocsinBurst } from './tocsin.ts';

const SYSTEMS = ['tocsin-postgres', 'tocsin-embedded'] as const;
type System = (typeof SYSTEMS)[number];

/** The same burst on the embedded database and on a PostgreSQL server, in pairs; then once more embedded, to see its memory. */
export async function benchEmbedded(
  house: House,
  { posts, runs }: BenchOptions,
  say: (line: string) => void,
): Promise<Findings> {
  const plan = { answers: 'instant', posts, workers: 1 } as const;
  const found: Record<System, TocsinBurst[]> = { 'tocsin-postgres': [], 'tocsin-embedded': [] };
  for (let run = 1; run <= runs; run++) {
    for (const system of inTurn(run, SYSTEMS)) {
      const burst = await fireTocsin(house, { ...plan, system });
      found[system].push(burst);
      const { early, lost, doubled } = burst;
      const wrong = `${early} early, ${lost} lost, ${doubled} doubled`;
      say(`run ${run}: ${system}, last + ${figure(burst.last_send_ms)} ms; ${wrong}`);
    }
  }
  const memory = await measureMemory(house, posts);
  say(`memory: ${figure(memory.peakMib)} MiB in all processes`);
  const rows = SYSTEMS.map((system) => rowOf(system, found[system]));
  const lastSends = found['tocsin-postgres'].map(
    (server, index) =>
      [server.last_send_ms, found['tocsin-embedded'][index]?.last_send_ms ?? Number.NaN] as const,
  );
  const bursts = [...SYSTEMS.flatMap((system) => found[system]), memory.burst];
  const goals = embeddedGoals(bursts, lastSends, memory.peakMib);
  const text = [table(HEAD, rows.map(cellsOf), 1), noteOf(lastSends), goalTable(goals)];
  return { json: { rows, pairs: { lastSends }, goals }, text: text.join('\n\n') };
}

/** Reading the memory of a process stops it for a moment, so this burst is not timed. */
async function measureMemory(house: House, posts: number) {
  const look = { peakMib: 0, isOver: false };
  let watched: Promise<void> | undefined;
  const burst = await fireTocsin(house, {
    ...{ system: 'tocsin-embedded', answers: 'instant', posts, workers: 1 },
    beforeLock: async ([instance]) => {
      if (!instance) throw new Error('There is no instance');
      watched = watchMemory(instance.pid, look);
    },
  });
  look.isOver = true;
  await watched;
  return { burst, peakMib: round(look.peakMib) };
}

const LOOK_EVERY_MS = 100;

async function watchMemory(root: number, look: { peakMib: number; isOver: boolean }) {
  while (!look.isOver) {
    const mib = (await readTree(root)).reduce((sum, { pssMib }) => sum + pssMib, 0);
    look.peakMib = Math.max(look.peakMib, mib);
    await sleep(LOOK_EVERY_MS);
  }
}

/** The contract of `bench embedded --json`: medians over the runs; milliseconds, microseconds of CPU. */
interface EmbeddedRow {
  system: System;
  posts: number;
  first_send_ms: number;
  last_send_ms: number;
  ledger_complete_ms: number;
  cpu_us_per_post: number;
}

function rowOf(system: System, bursts: readonly TocsinBurst[]): EmbeddedRow {
  const middle = (pick: (burst: TocsinBurst) => number) => round(median(bursts.map(pick)));
  return {
    ...{ system, posts: middle((burst) => burst.posts) },
    first_send_ms: middle((burst) => burst.first_send_ms),
    last_send_ms: middle((burst) => burst.last_send_ms),
    ledger_complete_ms: middle((burst) => burst.kept.ledger_complete_ms),
    cpu_us_per_post: middle((burst) => burst.campaign_cpu_us_per_post),
  };
}

const HEAD = [
  ...['system', 'posts', 'first send', 'last send', 'ledger complete'],
  'CPU of the instance/post',
];

function cellsOf(row: EmbeddedRow): string[] {
  return [
    ...[row.system, String(row.posts)],
    ...[row.first_send_ms, row.last_send_ms, row.ledger_complete_ms, row.cpu_us_per_post].map(
      figure,
    ),
  ];
}

function noteOf(lastSends: readonly (readonly [number, number])[]): string {
  const { mean, low, high } = pairedDifference(lastSends);
  return `Milliseconds after the moment, by the simulator's record; medians. One instance that does everything, without Redis: on the PostgreSQL that it
starts itself, and on a server that runs already (with 1 GB of shared buffers). The last send on the embedded one is later by ${figure(mean)} % (mean of
${lastSends.length} pairs, 95 % interval ${figure(low)} to ${figure(high)} %). CPU from before the lock until the ledger is complete, without the work of PostgreSQL. Memory is
the largest sum over all processes of the instance, the database's among them, of what each has for itself and its share of
what it shares (PSS), seen every ${LOOK_EVERY_MS} ms in a burst of its own that is not timed.`;
}
