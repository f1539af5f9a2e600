import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  COUNT_PERIOD_MS,
  countedUntil,
  keptFollowers,
  MAX_FOLLOWERS,
  publicCount,
  publicReach,
} from '../../src/domain/public-count.ts';
import { createChance } from '../chaos/chance.ts';
import { FUZZ_RUNS } from '../support/fuzz.ts';

it('the public sees tens of those who have joined, from ten on', () => {
  expect([0, 9, 10, 19, 1_239].map(publicCount)).toEqual([null, null, 10, 10, 1_230]);
});

it('of an account’s followers two digits are kept, and nothing where nobody knows', () => {
  expect([0, 7, 99, 1_234, 9_999].map(keptFollowers)).toEqual([0, 7, 99, 1_200, 10_000]);
  expect([undefined, -1, Number.NaN, Number.POSITIVE_INFINITY].map(keptFollowers)).toEqual(
    Array(4).fill(null),
  );
});

it('A6 no account adds more to the reach than another that many follow', () => {
  expect([10_000, 12_345, 4_200_000, 9_999_999_999].map(keptFollowers)).toEqual(
    Array(4).fill(MAX_FOLLOWERS),
  );
});

it('the public sees two digits of the reach, from ten who have joined on', () => {
  expect(publicReach(123_456, 10)).toBe(120_000);
  expect(publicReach(123_456, 9)).toBeNull();
  expect(publicReach(0, 10)).toBeNull();
  expect(publicReach(null, 10)).toBeNull();
});

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

it('joins are counted as of one instant for a whole period, another one for each campaign', () => {
  fc.assert(
    fc.property(
      fc.integer(),
      fc.nat(2 ** 32),
      fc.nat(COUNT_PERIOD_MS - 1),
      (from, phase, later) => {
        const times = { opensMs: 0, closesMs: Number.POSITIVE_INFINITY };
        const until = countedUntil(from, { phase, ...times });
        expect(until).toBeLessThanOrEqual(from);
        expect(from - until).toBeLessThan(COUNT_PERIOD_MS);
        expect(countedUntil(until + later, { phase, ...times })).toBe(until);
        expect(countedUntil(from, { phase: phase + 1, ...times })).not.toBe(until);
      },
    ),
    { numRuns: FUZZ_RUNS },
  );
});

it('once joining has closed, all who joined are counted', () => {
  const closesMs = 10 * DAY_MS + 1;
  const times = { phase: 0, opensMs: 0, closesMs };
  expect(countedUntil(closesMs - 1, times)).toBe(10 * DAY_MS);
  expect(countedUntil(closesMs, times)).toBe(closesMs);
  expect(countedUntil(closesMs + DAY_MS, times)).toBeGreaterThan(closesMs);
});

it('a campaign that is open for a short time is counted more often, at least sixty times and at most once a second', () => {
  const asOf = (nowMs: number, openMs: number) =>
    countedUntil(nowMs, { phase: 0, opensMs: 0, closesMs: openMs });
  const HOUR_MS = 60 * MINUTE_MS;
  expect([0, 59_999, 60_000].map((now) => asOf(now, HOUR_MS))).toEqual([0, 0, 60_000]);
  expect([999, 1_500, 2_000].map((now) => asOf(now, 5_000))).toEqual([0, 1_000, 2_000]);
  expect(asOf(HOUR_MS - 1, 3 * DAY_MS)).toBe(0);
});

/** Of two people seen at these times, whether the counter ever tells which one joined, to whom all else is known. */
function tellsApart(others: readonly number[], one: number, other: number, phase: number): boolean {
  const times = { phase, opensMs: 0, closesMs: Number.POSITIVE_INFINITY };
  // They are less than a period apart, so at most one publication lies between them; else both are counted, or neither.
  const until = Math.max(countedUntil(one, times), countedUntil(other, times));
  if (one <= until === other <= until) return false;
  const without = others.filter((time) => time <= until).length;
  return publicCount(without) !== publicCount(without + 1);
}

it('P4 the counter does not tell which of two people joined, to a watcher who knows when all others did', () => {
  const JOINS = 1_000;
  const CAMPAIGNS = 20;
  let told = 0;
  for (let campaign = 0; campaign < CAMPAIGNS; campaign++) {
    const chance = createChance(campaign, 'watcher');
    const phase = chance.between(0, COUNT_PERIOD_MS);
    const joins = Array.from({ length: JOINS }, () => chance.between(0, 5 * DAY_MS));
    for (const [n, join] of joins.entries()) {
      const elsewhere = join + chance.between(-20, 20) * MINUTE_MS;
      const others = joins.toSpliced(n, 1);
      if (tellsApart(others, join, elsewhere, phase)) told += 1;
    }
  }
  expect(told).toBeGreaterThan(0);
  // Where it tells, the watcher knows; elsewhere every second guess is right.
  expect(told / CAMPAIGNS / JOINS / 2).toBeLessThanOrEqual(0.01);
});
