import { expect, test } from 'vitest';
import type { Post } from '../../src/simulator/accounts.ts';
import type { Summary } from '../../src/simulator/record.ts';
import { fireGoals, scaleGoals } from './goals.ts';
import { judge } from './limits.ts';
import { type Burst, median, percentile, rowOf, witness } from './measure.ts';
import { readOptions } from './options.ts';
import { table } from './print.ts';
import { readUsage } from './usage.ts';

const MOMENT = 1_800_000_000_000;

/** A post of `account` that arrived so many milliseconds after the moment, and was answered 5 ms later. */
function post(account: string, lateMs: number): Post {
  const at_us = (MOMENT + lateMs) * 1000;
  return { account, handle: account, id: account, text: '', at_us, answered_us: at_us + 5_000 };
}

function requests(statuses: Record<string, number>): Summary {
  return { requests: 0, posts: 0, paths: { posts: statuses, revoke: { 200: 7 } } };
}

function burst(change: Partial<Burst> = {}): Burst {
  return {
    ...witness([post('a', 3), post('b', 900)], requests({ 201: 2 }), 2, MOMENT),
    cpu_us_per_post: 100,
    peak_rss_mib: 200,
    ...change,
  };
}

test('a burst is judged by who posted when, and by every request', () => {
  const posts = [post('a', 12), post('b', -1), post('c', 40), post('a', 50)];
  expect(witness(posts, requests({ 201: 4, 403: 1 }), 5, MOMENT)).toEqual({
    posts: 4,
    first_send_ms: -1,
    last_send_ms: 50,
    last_answer_ms: 55,
    p50_ms: 12,
    p99_ms: 50,
    early: 1,
    lost: 2,
    doubled: 2,
  });
});

test('a percentile is a value that occurred, and a median lies in the middle', () => {
  const values = Array.from({ length: 100 }, (_, i) => i + 1);
  expect([0.5, 0.99, 1].map((share) => percentile(values, share))).toEqual([50, 99, 100]);
  expect(percentile([], 0.5)).toBeNaN();
  expect([median([3, 1, 2]), median([4, 1, 2, 3])]).toEqual([2, 2.5]);
});

test('a row is the contract, its figures medians, and one early post is not averaged away', () => {
  const runs = [
    burst({ last_send_ms: 900 }),
    burst({ last_send_ms: 700, early: 1 }),
    burst({ last_send_ms: 800 }),
  ];
  const row = rowOf('bullmq', '150ms', runs);
  expect(row).toMatchObject({ last_send_ms: 800, early: 1 });
  expect(Object.keys(row)).toEqual([
    ...['system', 'answers', 'posts', 'first_send_ms', 'last_send_ms', 'last_answer_ms'],
    ...['p50_ms', 'p99_ms', 'cpu_us_per_post', 'peak_rss_mib', 'early'],
  ]);
});

test('goals are computed from the bursts, and hold for the number of posts they were set for', () => {
  const series = [
    { system: 'tocsin-redis', answers: 'instant', bursts: [burst({ last_send_ms: 900 })] },
    { system: 'bullmq', answers: 'instant', bursts: [burst({ last_send_ms: 2_600, lost: 9 })] },
  ] as const;
  const rows = series.map((one) => rowOf(one.system, one.answers, one.bursts));
  const verdicts = (posts: number) =>
    Object.fromEntries(fireGoals(series, rows, posts).map((one) => [one.figure, one.reached]));
  expect(verdicts(10_000)).toMatchObject({
    'posts lost, all of Tocsin’s bursts': true,
    'last send on Redis, instant': true,
    'textbook BullMQ’s last send over Tocsin’s, instant': false,
    'last answer on Redis, 150ms': null,
  });
  expect(verdicts(1_000)).toMatchObject({ 'last send on Redis, instant': null });
});

test('a figure that was tried and does not exist is missed', () => {
  const kept = {
    lock_arm_ms: null,
    ledger_first_send_ms: 1,
    ledger_last_send_ms: 2,
    ledger_complete_ms: 3,
    ledger_posted: 2,
  };
  const goals = scaleGoals([burst({ kept })], [burst({ kept, doubled: 1 })], 100_000);
  const of = (figure: string) => goals.find((goal) => goal.figure === figure);
  expect(of('lock and arm')).toMatchObject({ measured: null, reached: false });
  expect(of('ledger complete')).toMatchObject({ measured: 3, reached: true });
  expect(of('posts doubled')).toMatchObject({ measured: 1, reached: false });
});

test('options are checked, and their defaults depend on the command', () => {
  expect(readOptions(['fire'])).toMatchObject({ posts: 10_000, runs: 3, json: false, out: null });
  expect(readOptions(['scale'])).toMatchObject({ posts: 100_000, runs: 1 });
  expect(readOptions(['fire', '--systems', 'bullmq,tocsin-redis'])?.systems).toEqual([
    'tocsin-redis',
    'bullmq',
  ]);
  expect(readOptions(['--help'])).toBeNull();
  expect(() => readOptions([])).toThrow('fire, scale, page, join');
  expect(() => readOptions(['fire', '--posts', '0'])).toThrow('--posts');
  expect(() => readOptions(['fire', '--answers', 'slow'])).toThrow('--answers: "slow"');
});

test('a table is as wide as its cells', () => {
  expect(table(['a', 'b'], [['one', '2']])).toBe('| a   |   b |\n| --- | --: |\n| one |   2 |');
});

test.skipIf(process.platform !== 'linux')(
  'what a process uses is read from the kernel',
  async () => {
    const before = await readUsage(process.pid);
    const hold = Buffer.alloc(32 * 2 ** 20, 1);
    for (const end = performance.now() + 60; performance.now() < end; );
    const after = await readUsage(process.pid);
    expect(after.cpuUs - before.cpuUs).toBeGreaterThanOrEqual(30_000);
    expect(after.peakRssMib).toBeGreaterThan(hold.length / 2 ** 20);
  },
);

test('windows are read out of a record as the network counted them', () => {
  const limit = { limit: 3, windowSeconds: 10 };
  const at = (seconds: number, status = 201) => ({ at_us: seconds * 1_000_000, status });
  const first = [at(0), at(0.1), at(0.2), at(0.3, 429), at(5, 429)];
  const second = [at(10), at(11), at(12)];
  const last = [at(25), at(26)];
  // In the second window all was used, in a span of 25 s that could have held 7.5 posts; the refusal at 5 s came too late.
  expect(judge([...last, ...second, ...first], limit)).toEqual({
    windows: 2,
    used_percent: 80,
    refused_percent: 20,
    in_closed: 1,
  });
});
