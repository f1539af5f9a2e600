import type { Findings } from './fire.ts';
import { scaleGoals } from './goals.ts';
import type { House } from './house.ts';
import { median, most, round } from './measure.ts';
import type { BenchOptions } from './options.ts';
import { figure, goalTable, table } from './print.ts';
import { fireTocsin, type TocsinBurst } from './tocsin.ts';

/** One large campaign on Redis, with one worker process and with two, in turn. */
export async function benchScale(
  house: House,
  options: BenchOptions,
  say: (line: string) => void,
): Promise<Findings> {
  const plan = { system: 'tocsin-redis', answers: 'instant', posts: options.posts } as const;
  const one: TocsinBurst[] = [];
  const two: TocsinBurst[] = [];
  for (let run = 1; run <= options.runs; run++) {
    for (const [workers, bursts] of [
      [1, one],
      [2, two],
    ] as const) {
      const burst = await fireTocsin(house, { ...plan, workers });
      bursts.push(burst);
      say(`run ${run}, workers ${workers}: last + ${figure(burst.last_send_ms)} ms`);
    }
  }
  const rows = [rowOf(1, one), rowOf(2, two)];
  const goals = scaleGoals(one, two, options.posts);
  const lines = rows.map((row) =>
    Object.entries(row).map(([name, value]) => (COUNTS.has(name) ? String(value) : figure(value))),
  );
  const text = [table(HEAD, lines, 0), NOTE, goalTable(goals)].join('\n\n');
  return { json: { rows, goals }, text };
}

const HEAD = [
  ...['workers', 'posts', 'lock + arm', 'first send', 'last send', 'ledger complete', 'CPU/post'],
  ...['peak memory', 'early', 'lost', 'doubled'],
];

const COUNTS = new Set(['workers', 'posts', 'early', 'lost', 'doubled']);

const NOTE = `Milliseconds after the moment (lock + arm: from the time to lock until every delivery was armed), microseconds, MiB; medians over
the runs. Sends are arrivals in the simulator's record; complete is when the last delivery was settled; memory is that of the larger worker process, CPU that of both. Early, lost and doubled are the most of any run.`;

function rowOf(workers: number, bursts: readonly TocsinBurst[]) {
  const middle = (pick: (burst: TocsinBurst) => number | null) =>
    round(median(bursts.map((burst) => pick(burst) ?? Number.NaN)));
  return {
    workers,
    posts: middle((burst) => burst.posts),
    lock_arm_ms: middle((burst) => burst.kept.lock_arm_ms),
    first_send_ms: middle((burst) => burst.first_send_ms),
    last_send_ms: middle((burst) => burst.last_send_ms),
    ledger_complete_ms: middle((burst) => burst.kept.ledger_complete_ms),
    cpu_us_per_post: middle((burst) => burst.cpu_us_per_post),
    peak_rss_mib: middle((burst) => burst.peak_rss_mib),
    early: most(bursts.map((burst) => burst.early)),
    lost: most(bursts.map((burst) => burst.lost)),
    doubled: most(bursts.map((burst) => burst.doubled)),
  };
}
