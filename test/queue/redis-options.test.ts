import { expect, it } from 'vitest';
import { leaveReplica } from '../../src/queue/redis-options.ts';

it('a replica is left once a second, with all commands that it refused at the same time', () => {
  let now = 0;
  const decide = leaveReplica(() => now);
  const refusedAt = (
    ms: number,
    message = "READONLY You can't write against a read only replica.",
  ) => {
    now = ms;
    return decide(new Error(message));
  };
  expect([0, 1, 39].map((ms) => refusedAt(ms))).toEqual([2, 2, 2]);
  expect([60, 500, 999].map((ms) => refusedAt(ms))).toEqual([false, false, false]);
  expect([1_000, 1_010, 1_100].map((ms) => refusedAt(ms))).toEqual([2, 2, false]);
  expect(refusedAt(5_000, 'OOM command not allowed')).toBe(false);
  expect(refusedAt(5_001)).toBe(2);
});
