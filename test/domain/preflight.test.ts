import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type PreflightTimes, refreshConcurrency, roundAt } from '../../src/domain/preflight.ts';

const MINUTE = 60_000;
const usual = { firstAt: -100 * MINUTE, againAt: -10 * MINUTE, endsAt: -MINUTE };

const roundStart = (now: number, times: PreflightTimes) => roundAt(now, times)?.from ?? null;

describe('roundAt', () => {
  test.each([
    [-101, null],
    [-100, -100],
    [-11, -100],
    [-10, -10],
    [-2, -10],
    [-1, null],
    [0, null],
  ])('at T%i min the round began at T%s min', (minutes, began) => {
    expect(roundStart(minutes * MINUTE, usual)).toBe(began === null ? null : began * MINUTE);
  });

  const instant = fc.integer({ min: -1_000, max: 1_000 });
  const times = fc.record({ firstAt: instant, againAt: instant, endsAt: instant });

  test('is never ahead of now, never before the first, and null outside', () => {
    fc.assert(
      fc.property(instant, times, (now, { firstAt, againAt, endsAt }) => {
        const start = roundStart(now, { firstAt, againAt, endsAt });
        expect(start === null).toBe(now < firstAt || now >= endsAt);
        if (start === null) return;
        const end = roundAt(now, { firstAt, againAt, endsAt })?.to ?? now;
        expect(end).toBeGreaterThan(now);
        expect(end).toBeLessThanOrEqual(endsAt);
        expect(start).toBeLessThanOrEqual(now);
        expect(start).toBeGreaterThanOrEqual(firstAt);
      }),
    );
  });

  test('asks nobody twice in a round, and nobody more than twice', () => {
    fc.assert(
      fc.property(times, fc.array(instant, { minLength: 1, maxLength: 50 }), (when, looks) => {
        let checkedAt = Number.NEGATIVE_INFINITY;
        let checks = 0;
        for (const now of looks.toSorted((a, b) => a - b)) {
          const start = roundStart(now, when);
          if (start === null || checkedAt >= start) continue;
          checkedAt = now;
          checks += 1;
        }
        expect(checks).toBeLessThanOrEqual(2);
        const [last = 0] = looks.toSorted((a, b) => b - a);
        const start = roundStart(last, when);
        // Whoever has just been looked at is done with, whenever that was.
        if (start !== null) expect(checkedAt).toBeGreaterThanOrEqual(start);
      }),
    );
  });
});

describe('refreshWidth', () => {
  test('is one while that will do, and never more than may be', () => {
    expect(refreshConcurrency(10_000, 90 * MINUTE, 8)).toBe(1);
    expect(refreshConcurrency(30_000, 90 * MINUTE, 8)).toBe(3);
    expect(refreshConcurrency(10_000, 5 * MINUTE, 8)).toBe(8);
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.integer({ min: -10, max: 10_000_000 }), (left, leftMs) => {
        const width = refreshConcurrency(left, leftMs, 8);
        expect([1, 2, 3, 4, 5, 6, 7, 8]).toContain(width);
      }),
    );
  });
});
