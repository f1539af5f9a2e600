import type { Findings } from '../fire.ts';
import { type Pairs, sealGoals } from '../goals.ts';
import type { House } from '../house.ts';
import { type BenchInstance, startBenchInstance } from '../instance.ts';
import { comeBack, inTurn } from '../join.ts';
import { median, pairedDifference, round } from '../measure.ts';
import type { BenchOptions } from '../options.ts';
import { figure, goalTable, table } from '../print.ts';
import { fireTocsin } from '../tocsin.ts';
import { PLAIN, SEALED, type Variant } from './variants.ts';

type Name = 'plain' | 'sealed';
const VARIANTS: Record<Name, Variant> = { plain: PLAIN, sealed: SEALED };
const NAMES = ['plain', 'sealed'] as const;

/** The two of a pair of joins take turns so often, so that what a machine does meanwhile befalls both. */
const TURNS = 5;

/** CPU with sealing and without it, in pairs, each of which is measured one right after the other. */
export async function benchSeal(
  house: House,
  options: BenchOptions,
  say: (line: string) => void,
): Promise<Findings> {
  const joins = await measureJoins(house, options, say);
  const posts = await measurePosts(house, options, say);
  const rows = [rowOf('join', options.joins, joins), rowOf('post', options.posts, posts)];
  const goals = sealGoals({ joins, posts });
  const text = [table(HEAD, rows.map(cellsOf), 1), noteOf(options), goalTable(goals)].join('\n\n');
  return { json: { rows, pairs: { joins, posts }, goals }, text };
}

async function measureJoins(
  house: House,
  options: BenchOptions,
  say: (line: string) => void,
): Promise<Pairs> {
  await house.clear('instant');
  const instances = {
    plain: await startBenchInstance(house, 0, { variant: PLAIN }),
    sealed: await startBenchInstance(house, 0, { variant: SEALED }),
  } satisfies Record<Name, BenchInstance>;
  for (const name of NAMES) await comeBack(house, instances[name], options);
  const pairs: [number, number][] = [];
  for (let run = 1; run <= options.runs; run++) {
    const cpuUs: Record<Name, number> = { plain: 0, sealed: 0 };
    for (let turn = 0; turn < TURNS; turn++) {
      for (const name of inTurn(run + turn, NAMES)) {
        const joins = Math.ceil(options.joins / TURNS);
        const done = await comeBack(house, instances[name], { ...options, joins });
        if (done.lost > 0) throw new Error(`${done.lost} of those who came back have no pledge`);
        cpuUs[name] += done.cpu_us_per_join / TURNS;
      }
    }
    pairs.push([cpuUs.plain, cpuUs.sealed]);
    const found = NAMES.map((name) => `${name} ${figure(cpuUs[name])}`).join(', ');
    say(`run ${run}: ${found} µs of CPU per join`);
  }
  for (const name of NAMES) await instances[name].dispose();
  return pairs;
}

function measurePosts(
  house: House,
  { posts, runs }: BenchOptions,
  say: (line: string) => void,
): Promise<Pairs> {
  const plan = { system: 'tocsin-redis', answers: 'instant', posts, workers: 1 } as const;
  return inPairs(runs, async (name, run) => {
    const burst = await fireTocsin(house, { ...plan, variant: VARIANTS[name] });
    const { lost, doubled, early } = burst;
    if (lost + doubled + early > 0) {
      throw new Error(`${lost} posts were lost, ${doubled} doubled, ${early} early`);
    }
    say(`run ${run}: ${name}, ${figure(burst.campaign_cpu_us_per_post)} µs of CPU per post`);
    return burst.campaign_cpu_us_per_post;
  });
}

async function inPairs(
  runs: number,
  measure: (name: Name, run: number) => Promise<number>,
): Promise<Pairs> {
  const pairs: [number, number][] = [];
  for (let run = 1; run <= runs; run++) {
    const found: Record<Name, number> = { plain: Number.NaN, sealed: Number.NaN };
    for (const name of inTurn(run, NAMES)) found[name] = await measure(name, run);
    pairs.push([found.plain, found.sealed]);
  }
  return pairs;
}

/** The contract of `bench seal --json`; microseconds of CPU, medians over the runs, and what the pairs differ by, in percent. */
interface SealRow {
  of: 'join' | 'post';
  each_run: number;
  pairs: number;
  plain_us: number;
  sealed_us: number;
  difference_percent: number;
  low_percent: number;
  high_percent: number;
}

function rowOf(of: SealRow['of'], eachRun: number, pairs: Pairs): SealRow {
  const { mean, low, high } = pairedDifference(pairs);
  return {
    ...{ of, each_run: eachRun, pairs: pairs.length },
    plain_us: round(median(pairs.map(([plain]) => plain))),
    sealed_us: round(median(pairs.map(([, sealed]) => sealed))),
    ...{ difference_percent: round(mean), low_percent: round(low), high_percent: round(high) },
  };
}

const HEAD = [
  ...['CPU per', 'in each run', 'pairs', 'not sealed', 'sealed', 'difference'],
  '95 % interval',
];

function cellsOf(row: SealRow): string[] {
  const interval = `${figure(row.low_percent)} to ${figure(row.high_percent)}`;
  return [
    ...[row.of, String(row.each_run), String(row.pairs)],
    ...[row.plain_us, row.sealed_us, row.difference_percent].map(figure),
    interval,
  ];
}

function noteOf({ connections, runs }: BenchOptions): string {
  return `Microseconds of CPU of the product's process, medians; the difference is the mean of the pairs' own, in percent of what it takes without
sealing, with the interval of Student's t with ${runs - 1} degrees of freedom. "Not sealed" is the same code, bundled in the same way, but with a
vault that writes and reads plain JSON; only this bench can build it. Hashes that find an account again are the same in both. A join is
what \`bench join\` measures, ${connections} at a time; the two of a pair take turns, ${TURNS} times each. Of a post everything counts from before the lock until the ledger is complete: opening,
preparing, sending, sealing what came of it. Two posts' runs of a pair are measured one right after the other, and each comes first every other time.`;
}
