import { expect, test } from 'vitest';
import type { Post } from '../../src/simulator/accounts.ts';
import type { Summary } from '../../src/simulator/record.ts';
import { startProcess } from '../support/process.ts';
import { waitFor } from '../support/wait-for.ts';
import { fireGoals, floodGoals, redisGoals, restGoals, scaleGoals, sealGoals } from './goals.ts';
import { judge } from './limits.ts';
import { type Burst, median, pairedDifference, percentile, rowOf, witness } from './measure.ts';
import { readOptions } from './options.ts';
import { table } from './print.ts';
import { activityBetween, type ProcessUse, readTree } from './rest/processes.ts';
import { withoutSealing } from './seal/plain-vault.ts';
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

test('pairs differ by the mean of their own differences, within the interval of Student’s t', () => {
  // scipy.stats: t.ppf(0.975, 4) is 2.776, the standard error of 4, 6, 8, 10, 12 is 1.4142.
  const pairs = [4, 6, 8, 10, 12].map((percent) => [200, 200 + 2 * percent] as const);
  const { mean, low, high } = pairedDifference(pairs);
  expect(mean).toBeCloseTo(8, 6);
  expect([low, high].map((end) => Math.round(end * 1000) / 1000)).toEqual([4.074, 11.926]);
  expect(sealGoals({ joins: pairs, posts: [[100, 111]] }).map(({ reached }) => reached)).toEqual([
    true,
    false,
  ]);
});

test('a Redis that does not come back, comes back late or halves the speed misses its goal', () => {
  const row = { posts: 10, times: 1, early: 0, lost: 0, doubled: 0 };
  const verdicts = (resumed: number, gone: number) =>
    redisGoals([
      { kind: 'well', ...row, last_send_ms: 1_000, resumed_ms: 9_999 },
      { kind: 'killed', ...row, last_send_ms: 5_000, resumed_ms: resumed },
      { kind: 'gone in the burst', ...row, last_send_ms: gone, resumed_ms: null },
      { kind: 'gone before the lock', ...row, last_send_ms: 1_000, resumed_ms: null },
    ]).map(({ reached }) => reached);
  expect(verdicts(999, 2_000)).toEqual([true, true, true, true, true, true]);
  expect(verdicts(1_001, 2_100)).toEqual([true, true, true, false, false, true]);
  expect(verdicts(Number.NaN, 2_000)[3]).toBe(false);
});

test('one honest visitor who is refused in one flood misses the goal', () => {
  const row = { flood: 'nobody', visits: 9, joined: 9, requests: 9, p50_ms: 1, p99_ms: 300.1 };
  const rest = { refused: 0, peak_rss_mib: 1, alive: true, did: {} };
  const rows = [
    { ...row, ...rest, flood: 'nobody' },
    { ...row, ...rest, flood: 'proofs', p99_ms: 299, refused: 1, joined: 8, alive: false },
  ] as const;
  expect(floodGoals(rows).map(({ measured, reached }) => [measured, reached])).toEqual([
    ...[
      [300.1, false],
      [299, true],
    ],
    ...[
      [1, false],
      [1, false],
      [1, false],
    ],
  ]);
});

test('a vault without sealing gives back what it was given, and a key as long', async () => {
  const refuse = () => Promise.reject(new Error('the sealing vault was asked'));
  const vault = withoutSealing({
    seal: refuse,
    open: refuse,
    postKeys: refuse,
  } as never);
  const place = { column: 'pledge.sealed', campaignId: '', platform: 'x', rowId: '' } as const;
  const value = { account: { id: '1', handle: 'ж' } };
  const kept = await vault.seal(null as never, place, value);
  expect(await vault.open(null as never, place, kept)).toEqual(value);
  const id = '01234567-89ab-cdef-0123-456789abcdef';
  expect((await vault.postKeys(null as never, ''))(id)).toMatch(/^[0-9a-f]{32}$/);
});

test('options are checked, and their defaults depend on the command', () => {
  expect(readOptions(['fire'])).toMatchObject({ posts: 10_000, runs: 3, json: false, out: null });
  expect(readOptions(['scale'])).toMatchObject({ posts: 100_000, runs: 1 });
  expect(readOptions(['seal'])).toMatchObject({ posts: 10_000, runs: 5, seed: 1 });
  expect(readOptions(['flood'])).toMatchObject({ seconds: 20 });
  expect(readOptions(['rest'])).toMatchObject({ runs: 3, seconds: 300 });
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

test.skipIf(process.platform !== 'linux')(
  'E9 a tree of processes is read with all that descend from it, and what each has of memory to itself',
  async () => {
    const script = `require('node:child_process').spawn('sleep', ['60'], { stdio: 'ignore' })
      setInterval(() => undefined, 10)`;
    const child = await startProcess({ args: ['-e', script] });
    const read = async () => {
      const tree = await readTree(child.pid);
      return tree.some(({ program }) => program === 'sleep') && tree;
    };
    const before = await waitFor(read, { what: 'the second process' });
    expect(before.map(({ program }) => program).sort()).toEqual(['node', 'sleep']);
    for (const { pssMib, rssMib } of before) {
      expect(pssMib).toBeGreaterThan(0);
      expect(rssMib).toBeGreaterThanOrEqual(pssMib);
    }
    const woken = async () => activityBetween(before, await readTree(child.pid)).wakeUps >= 20;
    await waitFor(woken, { what: 'twenty wake-ups' });
    await child.stop('SIGKILL');
  },
);

test('E9 activity counts new threads from zero, and the time of processes that have ended', () => {
  const one = (pid: number, cpuUs: number, sleeps: Record<string, number>): ProcessUse => ({
    ...{ pid, program: 'node', rssMib: 1, pssMib: 1, cpuUs },
    sleeps: new Map(Object.entries(sleeps)),
  });
  const before = [one(1, 100, { 1: 10, 7: 5 }), one(2, 50, { 2: 9 })];
  const after = [one(1, 180, { 1: 30, 7: 5 }), one(3, 5, { 3: 4 })];
  expect(activityBetween(before, after)).toEqual({ cpuUs: 35, wakeUps: 24 });
});

test('E9 rest is held to what all processes of the instance take together', () => {
  const row = { processes: 9, rss_mib: 400, wake_ups_per_second: 10 };
  const rows = [
    { ...row, of: 'npm', pss_mib: 60, cpu_percent: 0 },
    { ...row, of: 'instance', pss_mib: 251, cpu_percent: 0.42 },
  ] as const;
  const starts = [{ folder: 'empty', ready_ms: 2_900 }] as const;
  expect(restGoals(starts, rows).map(({ measured, reached }) => [measured, reached])).toEqual([
    [2_900, true],
    [251, false],
    [0.42, true],
  ]);
});

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
