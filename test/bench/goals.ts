import type { FloodRow } from './flood/flood.ts';
import {
  atLeast,
  below,
  type Goal,
  perSecond,
  share,
  UNMEASURED,
  unchanged,
  worstOf,
} from './goal.ts';
import type { JoinRow } from './join.ts';
import type { LimitsRow } from './limits.ts';
import { type Burst, median, pairedDifference, type Row, round } from './measure.ts';
import type { Answers, System } from './options.ts';
import type { PageRow, PageWeight } from './page.ts';
import type { Kind } from './redis/kinds.ts';
import type { RedisRow } from './redis/redis.ts';
import type { ReadyRow, RestRow } from './rest/rest.ts';

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

/** What each pair took: what it is compared with, and what is judged. */
export type Pairs = readonly (readonly [base: number, other: number])[];

/** "At most a tenth", of the mean over the pairs. */
const SEAL_PERCENT = 10;

/** The goals of sealing. */
export function sealGoals({ joins, posts }: { joins: Pairs; posts: Pairs }): Goal[] {
  return [
    atMost('CPU per join, sealed over not sealed', SEAL_PERCENT, joins),
    atMost('CPU per post, sealed over not sealed', SEAL_PERCENT, posts),
  ];
}

function atMost(figure: string, percent: number, pairs: Pairs): Goal {
  const measured = round(pairedDifference(pairs).mean);
  const goal = `at most ${percent} % more`;
  return { figure, goal, unit: '%', measured, reached: measured <= percent };
}

const RESUME_MS = 1_000;
const HALF_SPEED = 0.5;

/** The goals of a Redis that suffers. */
export function redisGoals(rows: readonly RedisRow[]): Goal[] {
  const lastOf = (kind: Kind) => rows.find((row) => row.kind === kind)?.last_send_ms;
  const well = lastOf('well');
  const speeds = (['gone in the burst', 'gone before the lock'] as const).map((kind): Goal => {
    const gone = lastOf(kind);
    return {
      ...{ figure: `speed with Redis ${kind}, over that with a well one`, unit: 'x' },
      goal: `at least ${HALF_SPEED} x`,
      ...(well && gone ? atLeast(HALF_SPEED, Math.round((well / gone) * 100) / 100) : UNMEASURED),
    };
  });
  return [
    below('posts before the moment', 0, worstOf(rows.map((row) => row.early)), ''),
    below('posts lost', 0, worstOf(rows.map((row) => row.lost)), ''),
    below('posts doubled', 0, worstOf(rows.map((row) => row.doubled)), ''),
    below(
      'from the return of Redis to a job done on each queue, worst',
      RESUME_MS,
      worstOf(rows.filter(({ kind }) => kind !== 'well').flatMap((row) => row.resumed_ms ?? [])),
      'ms',
    ),
    ...speeds,
  ];
}

const HONEST_P99_MS = 300;

/** The goals of floods. */
export function floodGoals(rows: readonly FloodRow[]): Goal[] {
  const total = (pick: (row: FloodRow) => number) => rows.reduce((sum, row) => sum + pick(row), 0);
  return [
    ...rows.map((row) =>
      below(`p99 of honest visitors, ${row.flood}`, HONEST_P99_MS, row.p99_ms, 'ms'),
    ),
    below(
      'requests of honest visitors that were refused',
      0,
      total((row) => row.refused),
      '',
    ),
    below(
      'honest visitors who did not come to their receipt',
      0,
      total((row) => row.visits - row.joined),
      '',
    ),
    below(
      'instances that did not live to the end',
      0,
      total((row) => Number(!row.alive)),
      '',
    ),
  ];
}

const READY_MS: Readonly<Record<ReadyRow['folder'], number>> = {
  empty: 3_000,
  'used before': 1_500,
};
const REST_MIB = 250;
const REST_PERCENT = 1;

/** The goals of an instance that has nothing to do. */
export function restGoals(starts: readonly ReadyRow[], rows: readonly RestRow[]): Goal[] {
  const instance = rows.find(({ of }) => of === 'instance');
  return [
    ...starts.map(({ folder, ready_ms }) =>
      below(`ready, data folder ${folder}`, READY_MS[folder], ready_ms, 'ms'),
    ),
    below('memory of all processes at rest (PSS)', REST_MIB, instance?.pss_mib, 'MiB'),
    {
      ...below('CPU at rest, of one core', REST_PERCENT, instance?.cpu_percent, '%'),
      measured: instance?.cpu_percent ?? null,
    },
  ];
}

const BURST_MIB = 512;

/** The goals of the embedded database. `lastSends`: of each pair, on a server and on the embedded one, in milliseconds. */
export function embeddedGoals(
  bursts: readonly Burst[],
  lastSends: Pairs,
  peakMib: number | undefined,
): Goal[] {
  const { low, mean } = pairedDifference(lastSends);
  return [
    ...(['early', 'lost', 'doubled'] as const).map((count) =>
      below(`posts ${count}`, 0, worst(bursts, count), ''),
    ),
    {
      figure: 'last send, embedded over a server, mean of the pairs',
      goal: '95 % interval not wholly above 0 %',
      ...{ unit: '%', measured: round(mean), reached: low <= 0 },
    },
    below('memory of all processes in the burst (PSS)', BURST_MIB, peakMib, 'MiB'),
  ];
}

type Count = 'early' | 'lost' | 'doubled' | 'first_send_ms' | 'peak_rss_mib';

function worst(bursts: readonly Burst[], name: Count): number | undefined {
  return worstOf(bursts.map((burst) => burst[name]));
}
