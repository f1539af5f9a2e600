import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { openQueues } from '../../../src/queue/queues.ts';
import { askCanaries } from '../../../src/store/canary.ts';
import type { Db } from '../../../src/store/connection/database.ts';
import type { Findings } from '../fire.ts';
import { redisGoals } from '../goals.ts';
import type { House } from '../house.ts';
import { median, most, round } from '../measure.ts';
import type { BenchOptions } from '../options.ts';
import { figure, goalTable, table } from '../print.ts';
import { fireTocsin } from '../tocsin.ts';
import { KINDS, type Kind, PLAYS } from './kinds.ts';
import { createFrailRedis, type FrailRedis } from './server.ts';

/** One burst while its Redis suffers. Milliseconds. */
interface RedisRun {
  /** So often it happened while posts went out. */
  times: number;
  last_send_ms: number;
  early: number;
  lost: number;
  doubled: number;
  /** From its return until a job that was set then had been done by a worker; null where it did not return. */
  resumed_ms: number | null;
}

/** The contract of `bench redis --json`: medians over the runs; counts and times to resume the most of any, how often the least. */
export interface RedisRow extends RedisRun {
  kind: Kind;
  posts: number;
}

/** Bursts whose Redis dies, forgets or lies, beside one that is well. */
export async function benchRedis(
  house: House,
  options: BenchOptions,
  say: (line: string) => void,
): Promise<Findings> {
  const found = new Map<Kind, RedisRun[]>(KINDS.map((kind) => [kind, []]));
  for (let run = 1; run <= options.runs; run++) {
    for (const kind of KINDS) {
      const one = await playKind(house, kind, options.posts);
      found.get(kind)?.push(one);
      const wrong = `${one.early} early, ${one.lost} lost, ${one.doubled} doubled`;
      say(
        `run ${run}: ${kind} (${one.times} times), last + ${figure(one.last_send_ms)} ms, resumed after ${figure(one.resumed_ms)} ms; ${wrong}`,
      );
    }
  }
  const rows = [...found].map(([kind, runs]) => rowOf(kind, options.posts, runs));
  const goals = redisGoals(rows);
  const text = [table(HEAD, rows.map(cellsOf), 1), NOTE, goalTable(goals)].join('\n\n');
  return { json: { rows, goals }, text };
}

async function playKind(house: House, kind: Kind, posts: number): Promise<RedisRun> {
  const redis = await createFrailRedis(() => house.makeFolder());
  const spare = await createFrailRedis(() => house.makeFolder());
  await redis.start();
  await spare.start();
  const found = { times: 0, resumed_ms: null as number | null };
  try {
    const burst = await fireTocsin(house, {
      ...{ system: 'tocsin-redis', answers: '150ms', posts, workers: 1, redisUrl: redis.url },
      beforeLock: async () => {
        if (kind === 'gone before the lock') await redis.kill();
      },
      inBurst: async (db) => {
        const { play, times, isGone } = PLAYS[kind];
        const isOver = async () => (await house.control.summary()).posts >= posts;
        while (found.times < times && !(await isOver())) {
          await play(redis, spare);
          found.times++;
          await sleep(BETWEEN_MS);
        }
        if (isGone) return;
        const resumed = [await untilResumed(db, redis)];
        for (let more = 0; more < AFTERWARDS && times > 1; more++) {
          await play(redis, spare);
          resumed.push(await untilResumed(db, redis));
        }
        found.resumed_ms = most(resumed);
      },
    });
    const { last_send_ms, early, lost, doubled } = burst;
    return { ...found, last_send_ms, early, lost, doubled };
  } finally {
    await redis.kill();
    await spare.kill();
  }
}

/** From one return to the next time. */
const BETWEEN_MS = 80;
/** So often more right after the burst, where each return can be waited for. */
const AFTERWARDS = 5;
const RESUME_WITHIN_MS = 60_000;

/** Sets a job on each queue of a Redis that has just come back, and waits until the worker has done them. Milliseconds. */
async function untilResumed(db: Db, redis: FrailRedis): Promise<number> {
  const began = performance.now();
  const asker = `bench-${randomUUID()}`;
  const queues = await openQueues({ kind: 'redis', url: redis.url }, ['x'], () => undefined);
  try {
    await askCanaries(db, asker, queues.names());
    for (const queue of queues.names()) {
      const isTaken = await queues.enqueue('canary', { queue, asker }, { queue });
      if (!isTaken) throw new Error(`The queue ${queue} took no job`);
    }
    while (performance.now() - began < RESUME_WITHIN_MS) {
      if ((await countOpen(db, asker)) === 0) return performance.now() - began;
      await sleep(10);
    }
    return Number.NaN;
  } finally {
    await queues.dispose();
  }
}

async function countOpen(db: Db, asker: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from canary where asked_by = ${asker} and done_at is null`.execute(
    db,
  );
  return rows[0]?.count ?? 0;
}

function rowOf(kind: Kind, posts: number, runs: readonly RedisRun[]): RedisRow {
  const resumed = runs.flatMap((run) => run.resumed_ms ?? []);
  return {
    ...{ kind, posts, times: -most(runs.map(({ times }) => -times)) },
    last_send_ms: round(median(runs.map((run) => run.last_send_ms))),
    early: most(runs.map((run) => run.early)),
    lost: most(runs.map((run) => run.lost)),
    doubled: most(runs.map((run) => run.doubled)),
    resumed_ms: resumed.length > 0 ? round(most(resumed)) : null,
  };
}

const HEAD = [
  ...['Redis', 'posts', 'times in the burst', 'last send', 'resumed after', 'early', 'lost'],
  'doubled',
];

function cellsOf(row: RedisRow): string[] {
  return [
    ...[row.kind, String(row.posts), String(row.times)],
    ...[row.last_send_ms, row.resumed_ms].map(figure),
    ...[row.early, row.lost, row.doubled].map(String),
  ];
}

const NOTE = `Milliseconds; last send: after the moment, median over the runs; counts and times to resume are the most of any run. Everything of
posts is from the simulator's record; answers come after 150 ms (median, log-normal). Killed: SIGKILL, and started again empty; flushed:
FLUSHALL; asleep: DEBUG SLEEP of 30 s; emptied by a master: replica of an empty Redis, then a master again; full of wrong types: each of its keys gets
another type, then FLUSHALL. Resumed: from the return of the Redis, or from when it was emptied, until the worker had done a job on each
queue that was set then, after the last time in the burst and after five more right behind it; for the one that is well, from any instant.`;
