import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BACKOFF_CAP_MS, nextAttemptAt } from '../../src/domain/backoff.ts';

const now = new Date('2027-01-01T00:00:00Z');
const wait = (attempt: number, chance: number) =>
  nextAttemptAt(now, attempt, () => chance).getTime() - now.getTime();

describe('nextAttemptAt', () => {
  test.each([
    [1, 250],
    [2, 500],
    [3, 1000],
    [7, 16_000],
    [8, 30_000],
    [50, 30_000],
  ])('after attempt %i waits %i ms with middling luck', (attempt, ms) => {
    expect(wait(attempt, 0.5)).toBe(ms);
  });

  test('is never in the past and never more than a minute away', () => {
    const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000 }), chance, (attempt, luck) => {
        expect(wait(attempt, luck)).toBeGreaterThanOrEqual(0);
        expect(wait(attempt, luck)).toBeLessThan(BACKOFF_CAP_MS);
      }),
    );
  });
});
