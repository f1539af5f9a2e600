import type { JoinRow } from './join.ts';
import type { LimitsRow } from './limits.ts';
import { type Burst, median, most, type Row, round } from './measure.ts';
import type { Answers, System } from './options.ts';
import type { PageRow, PageWeight } from './page.ts';

/** A number to reach beside the number measured. `reached` is null where this run did not measure it. */
export interface Goal {
  figure: string;
  goal: string;
  measured: number | null;
  unit: string;
  reached: boolean | null;
}

/** All bursts of one system under one kind of answers. */
export interface Series {
  system: System;
  answers: Answers;
  bursts: readonly Burst[];
}

/** The goals for 10,000 posts hold for 10,000 posts and no other number. */
const FIRE_POSTS = 10_000;
const SCALE_POSTS = 100_000;

/** The goals that a burst is held to, with what these bursts came to. */
export function fireGoals(series: readonly Series[], rows: readonly Row[], posts: number): Goal[] {
  const ours = series.filter((one) => one.system.startsWith('tocsin'));
  const bursts = ours.flatMap((one) => one.bursts);
  const rowOf = (system: System, answers: Answers) =>
    rows.find((row) => row.system === system && row.answers === answers);
  const tocsin = rowOf('tocsin-redis', 'instant');
  const bullmq = rowOf('bullmq', 'instant');
  const slow = rowOf('tocsin-redis', '150ms');
  const dead = rowOf('tocsin-redis-dead', 'instant');
  const full = posts === FIRE_POSTS;
  const redis = ours.filter((one) => one.system === 'tocsin-redis').flatMap((one) => one.bursts);
  return [
    below('posts before the moment, all of Tocsin’s bursts', 0, worst(bursts, 'early'), ''),
    below('posts lost, all of Tocsin’s bursts', 0, worst(bursts, 'lost'), ''),
    below('posts doubled, all of Tocsin’s bursts', 0, worst(bursts, 'doubled'), ''),
    below(
      'first send on Redis, by the ledger, worst burst',
      5,
      worstOf(redis.flatMap((burst) => burst.kept?.ledger_first_send_ms ?? [])),
      'ms',
    ),
    below('first arrival on Redis, worst burst', 20, worst(redis, 'first_send_ms'), 'ms'),
    below('last send on Redis, instant', 1_000, full ? tocsin?.last_send_ms : undefined, 'ms'),
    {
      figure: 'textbook BullMQ’s last send over Tocsin’s, instant',
      goal: 'at least 3 x',
      ...(full && tocsin && bullmq
        ? atLeast(3, round(bullmq.last_send_ms / tocsin.last_send_ms))
        : UNMEASURED),
      unit: 'x',
    },
    below('last answer on Redis, 150ms', 2_000, full ? slow?.last_answer_ms : undefined, 'ms'),
    below(
      'last send without Redis over with it, instant',
      1.5,
      dead && tocsin
        ? Math.round((dead.last_send_ms / tocsin.last_send_ms) * 100) / 100
        : undefined,
      'x',
    ),
  ];
}

/** The goals of a large campaign. `one` and `two`: the bursts of one worker process and of two. */
export function scaleGoals(one: readonly Burst[], two: readonly Burst[], posts: number): Goal[] {
  const all = [...one, ...two];
  const full = posts === SCALE_POSTS;
  const middle = (bursts: readonly Burst[], pick: (burst: Burst) => number | null | undefined) =>
    full ? median(bursts.map((burst) => pick(burst) ?? Number.NaN)) : undefined;
  const lasts = [one, two].map((bursts) => median(bursts.map((burst) => burst.last_send_ms)));
  const [alone = Number.NaN, together = Number.NaN] = lasts;
  return [
    below('posts before the moment', 0, worst(all, 'early'), ''),
    below('posts lost', 0, worst(all, 'lost'), ''),
    below('posts doubled', 0, worst(all, 'doubled'), ''),
    below(
      'lock and arm',
      30_000,
      middle(one, (burst) => burst.kept?.lock_arm_ms),
      'ms',
    ),
    below(
      'last send',
      7_000,
      middle(one, (burst) => burst.last_send_ms),
      'ms',
    ),
    below(
      'ledger complete',
      8_000,
      middle(one, (burst) => burst.kept?.ledger_complete_ms),
      'ms',
    ),
    below(
      'peak memory of the largest process',
      512,
      full ? worst(all, 'peak_rss_mib') : undefined,
      'MiB',
    ),
    {
      figure: 'last send with two worker processes over with one',
      goal: 'under 1 x',
      ...(full
        ? { measured: Math.round((together / alone) * 100) / 100, reached: together < alone }
        : UNMEASURED),
      unit: 'x',
    },
  ];
}

/** What this machine must reach; the goals are for the 2-core reference machine. */
const PAGES_PER_SECOND = 3_000;
const JOINS_PER_SECOND = 500;
const PAGE_BYTES = 60_000;
/** "By no more than a tenth." */
const TENTH = 0.1;

/** The goals of public pages. */
export function pageGoals(rows: readonly PageRow[], weights: readonly PageWeight[]): Goal[] {
  const campaign = rows.filter((row) => row.page === 'campaign' && row.encoding === 'gzip');
  const bare = campaign.find((row) => row.system === 'bare');
  const [empty, full] = campaign.filter((row) => row.system === 'tocsin');
  return [
    perSecond('campaign page, gzip', PAGES_PER_SECOND, empty?.requests_per_second),
    share('the same over a bare server’s', bare?.requests_per_second, empty?.requests_per_second),
    below('answers that were not the page', 0, worstOf(rows.map((row) => row.failed)), ''),
    ...unchanged('campaign page, gzip', full?.pledges, {
      rate: [empty?.requests_per_second, full?.requests_per_second],
      p99: [empty?.p99_ms, full?.p99_ms],
    }),
    below(
      'weight of the campaign page, heaviest language',
      PAGE_BYTES,
      worstOf(weights.map(({ bytes }) => bytes)),
      'bytes',
    ),
  ];
}

/** The goals of joining. `inserts`: bare rows a second in the same run. */
export function joinGoals(rows: readonly JoinRow[], inserts: number): Goal[] {
  const [empty, full] = rows;
  return [
    perSecond('joins', JOINS_PER_SECOND, empty?.joins_per_second),
    share('the same over bare inserts', inserts, empty?.joins_per_second),
    below('came back and have no pledge', 0, worstOf(rows.map((row) => row.lost)), ''),
    below('codes not exchanged once', 0, worstOf(rows.map((row) => row.misused)), ''),
    ...unchanged('joins', full?.pledges, {
      rate: [empty?.joins_per_second, full?.joins_per_second],
      p99: [empty?.p99_ms, full?.p99_ms],
    }),
  ];
}

/** The goals of a network that takes only so many: half an hour of them, when nothing else is asked for. */
export function limitsGoals(row: LimitsRow): Goal[] {
  return [
    below('posts before the moment', 0, row.early, ''),
    below('posts lost', 0, row.lost, ''),
    below('posts doubled', 0, row.doubled, ''),
    {
      ...{ figure: 'of what the network allows, used', goal: 'at least 97 %', unit: '%' },
      ...atLeast(97, row.used_percent),
    },
    below('of all requests, refused for it', 0.5, row.refused_percent, '%'),
    below('requests in a window known to be closed', 0, row.in_closed, ''),
  ];
}

function perSecond(figure: string, least: number, measured: number | undefined): Goal {
  const goal = `at least ${least}/s`;
  if (measured === undefined) return { figure, goal, unit: '/s', ...UNMEASURED };
  return { figure, goal, unit: '/s', ...atLeast(least, measured) };
}

/** Says how fast this machine is; nothing is held to it. */
function share(figure: string, whole: number | undefined, part: number | undefined): Goal {
  const measured = whole && part ? Math.round((part / whole) * 100) / 100 : null;
  return { figure, goal: '-', measured, unit: 'x', reached: null };
}

type Pair = readonly [before: number | undefined, after: number | undefined];

function unchanged(
  figure: string,
  pledges: number | null | undefined,
  { rate, p99 }: { rate: Pair; p99: Pair },
): Goal[] {
  const of = (what: string) => `${figure}, ${what} with ${pledges} pledges over with none`;
  const ratio = ([before, after]: Pair) =>
    before && after ? Math.round((after / before) * 100) / 100 : undefined;
  const [rates, late] = [ratio(rate), ratio(p99)];
  return [
    {
      ...{ figure: of('a second'), goal: `at least ${1 - TENTH} x`, unit: 'x' },
      ...(rates === undefined ? UNMEASURED : atLeast(1 - TENTH, rates)),
    },
    {
      ...{ figure: of('p99'), goal: `at most ${1 + TENTH} x`, unit: 'x' },
      ...(late === undefined ? UNMEASURED : { measured: late, reached: late <= 1 + TENTH }),
    },
  ];
}

const UNMEASURED = { measured: null, reached: null } as const;

/** What was not measured is neither reached nor missed; what was tried and has no figure is missed. */
function below(figure: string, limit: number, measured: number | undefined, unit: string): Goal {
  const goal = limit === 0 ? '0' : `under ${limit} ${unit}`;
  if (measured === undefined) return { figure, goal, unit, ...UNMEASURED };
  const reached = limit === 0 ? measured === 0 : measured < limit;
  return { figure, goal, unit, measured: Number.isNaN(measured) ? null : round(measured), reached };
}

function atLeast(limit: number, measured: number) {
  return { measured, reached: measured >= limit };
}

type Count = 'early' | 'lost' | 'doubled' | 'first_send_ms' | 'peak_rss_mib';

function worst(bursts: readonly Burst[], name: Count): number | undefined {
  return worstOf(bursts.map((burst) => burst[name]));
}

function worstOf(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : most(values);
}
