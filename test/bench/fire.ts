import type { Goal } from './goal.ts';
import { fireGoals, type Series } from './goals.ts';
import type { House } from './house.ts';
import { type Burst, median, most, type Row, round, rowOf } from './measure.ts';
import type { Answers, BenchOptions, System } from './options.ts';
import { firePeer } from './peers.ts';
import { figure, goalTable, table } from './print.ts';
import { fireTocsin } from './tocsin.ts';

/** What a command found: the parts of its JSON, and the same for people. */
export interface Findings {
  json: object;
  text: string;
}

/** The simulator is a server that has long been running, not one that has just started. */
const WARM_UP_POSTS = 2_000;

/** Every system in turn, and the whole round again for every run, so that what disturbs the machine disturbs all alike. */
export async function benchFire(
  house: House,
  options: BenchOptions,
  say: (line: string) => void,
): Promise<Findings> {
  await firePeer(house, 'bare-client', Math.min(options.posts, WARM_UP_POSTS), 'instant');
  const series: (Series & { bursts: Burst[] })[] = options.answers.flatMap((answers) =>
    options.systems.map((system) => ({ system, answers, bursts: [] })),
  );
  for (let run = 1; run <= options.runs; run++) {
    for (const one of series) {
      const burst = await fire(house, one.system, one.answers, options.posts);
      one.bursts.push(burst);
      say(`run ${run}: ${one.system}, ${one.answers}: ${told(burst)}`);
    }
  }
  const rows = series.map((one) => rowOf(one.system, one.answers, one.bursts));
  const goals = fireGoals(series, rows, options.posts);
  const checks = series.map(checkOf);
  return { json: { rows, checks, goals }, text: textOf(rows, checks, goals) };
}

function fire(house: House, system: System, answers: Answers, posts: number): Promise<Burst> {
  return system === 'tocsin-redis' || system === 'tocsin-redis-dead' || system === 'tocsin-embedded'
    ? fireTocsin(house, { system, posts, answers, workers: 1 })
    : firePeer(house, system, posts, answers);
}

function told(burst: Burst): string {
  const { posts, first_send_ms: first, last_send_ms: last, last_answer_ms: answer } = burst;
  const wrong = `${burst.early} early, ${burst.lost} lost, ${burst.doubled} doubled`;
  return `${posts} posts, first + ${figure(first)} ms, last + ${figure(last)} ms, last answer + ${figure(answer)} ms; ${wrong}`;
}

/** What the rows of the contract have no place for. Counts are the most of any run, the rest medians. */
interface Check {
  system: System;
  answers: Answers;
  lost: number;
  doubled: number;
  lock_arm_ms?: number;
  ledger_first_send_ms?: number;
  ledger_last_send_ms?: number;
  ledger_complete_ms?: number;
}

function checkOf({ system, answers, bursts }: Series): Check {
  const count = (name: 'lost' | 'doubled') => most(bursts.map((burst) => burst[name]));
  const kept = bursts.flatMap((burst) => burst.kept ?? []);
  const check = { system, answers, lost: count('lost'), doubled: count('doubled') };
  if (kept.length === 0) return check;
  const middle = (pick: (one: (typeof kept)[number]) => number | null) =>
    round(median(kept.map((one) => pick(one) ?? Number.NaN)));
  return {
    ...check,
    lock_arm_ms: middle((one) => one.lock_arm_ms),
    ledger_first_send_ms: middle((one) => one.ledger_first_send_ms),
    ledger_last_send_ms: middle((one) => one.ledger_last_send_ms),
    ledger_complete_ms: middle((one) => one.ledger_complete_ms),
  };
}

const HEAD = [
  ...['system', 'answers', 'posts', 'first send', 'last send', 'last answer', 'p50', 'p99'],
  ...['posts/s', 'CPU/post', 'peak memory', 'early'],
];

function textOf(rows: readonly Row[], checks: readonly Check[], goals: readonly Goal[]): string {
  const burst = table(
    HEAD,
    rows.map((row) => [
      ...[row.system, row.answers, String(row.posts)],
      ...[row.first_send_ms, row.last_send_ms, row.last_answer_ms, row.p50_ms, row.p99_ms].map(
        figure,
      ),
      ...[figure((row.posts / row.last_send_ms) * 1000), figure(row.cpu_us_per_post)],
      ...[figure(row.peak_rss_mib), String(row.early)],
    ]),
    2,
  );
  const kept = table(
    [
      'system',
      'answers',
      'lost',
      'doubled',
      'lock + arm',
      'first sent',
      'last sent',
      'ledger complete',
    ],
    checks.map((check) => [
      ...[check.system, check.answers, String(check.lost), String(check.doubled)],
      ...[check.lock_arm_ms, check.ledger_first_send_ms, check.ledger_last_send_ms].map(figure),
      figure(check.ledger_complete_ms),
    ]),
    2,
  );
  return [burst, FOOTNOTE, kept, KEPT_NOTE, goalTable(goals)].join('\n\n');
}

const FOOTNOTE = `Milliseconds after the moment, microseconds of CPU, MiB; medians over the runs (early: the most of any). All systems post
with the same kind of tokens to one simulator, a process of its own, and all times are from its record: a send is the arrival of
its request there, an answer the time it left. CPU is user and system time of all threads of the process that posts, from just
before the moment to its end (for Tocsin: until the ledger is complete); memory is that process's high-water mark (VmHWM). The
embedded instance's process has the database in it; the work of PostgreSQL and Redis for the others is not counted. The peers post
through twitter-api-v2, 256 at a time, tokens in plain text in their jobs, and keep no ledger. tocsin-redis-dead loses its Redis when
the worker is up, before the lock, and does not get it back.`;

const KEPT_NOTE = `Lost and doubled are counted by the simulator: people whose post never came, and requests beyond one a person. The rest is
from Tocsin's own records: lock + arm from the time to lock until every delivery was armed (seen by asking four times a second),
first and last sent by the worker's clock, complete when the last delivery was settled.`;
