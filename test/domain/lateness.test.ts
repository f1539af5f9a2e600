import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { curve, percentile, summarise } from '../../src/domain/lateness.ts';

const hundred = Array.from({ length: 100 }, (_, i) => i + 1);
const values = fc.array(fc.double({ min: 0, max: 1e7, noNaN: true }), { minLength: 1 });

describe('percentile', () => {
  test.each([
    [0, 1],
    [1, 1],
    [50, 50],
    [99, 99],
    [99.5, 100],
    [100, 100],
  ])('%d of 1 to 100 is %d', (p, value) => expect(percentile(hundred, p)).toBe(value));

  test('of one value is that value', () => expect(percentile([7], 50)).toBe(7));
  test('of none is nothing', () => expect(() => percentile([], 50)).toThrow(RangeError));
});

describe('summarise', () => {
  test('gives the figures of a burst in any order', () => {
    expect(summarise([...hundred].reverse())).toEqual({ p50: 50, p99: 99, max: 100, first: 1 });
  });

  test('has nothing to say before the first post', () => expect(summarise([])).toBeNull());

  test('leaves the values as they were', () => {
    const given = [3, 1, 2];
    summarise(given);
    expect(given).toEqual([3, 1, 2]);
  });

  test('takes a hundred thousand', () => {
    const many = Array.from({ length: 100_000 }, (_, i) => i);
    expect(summarise(many)?.max).toBe(99_999);
    expect(curve(many).reduce((sum, bar) => sum + bar.posts, 0)).toBe(100_000);
  });

  test('is in order', () => {
    fc.assert(
      fc.property(values, (list) => {
        const figures = summarise(list);
        const row = [figures?.first, figures?.p50, figures?.p99, figures?.max].map(Number);
        expect(row).toEqual(row.toSorted((a, b) => a - b));
        expect(list).toContain(figures?.p50);
      }),
    );
  });
});

describe('curve', () => {
  test('has no bar before the first post', () => expect(curve([])).toEqual([]));

  test('starts at the moment and leaves no gap', () => {
    expect(curve([7, 12.5, 12.9], 4)).toEqual([
      { fromMs: 0, widthMs: 5, posts: 0 },
      { fromMs: 5, widthMs: 5, posts: 1 },
      { fromMs: 10, widthMs: 5, posts: 2 },
    ]);
  });

  test.each([
    [39, 1],
    [40, 2],
    [900, 50],
    [1999, 50],
    [2000, 100],
    [7_200_000, 200_000],
  ])('of a burst until %i ms has bars of %i ms', (last, widthMs) => {
    expect(curve([0, last])[0]?.widthMs).toBe(widthMs);
  });

  test('gives a post before its moment a bar', () => {
    expect(curve([-3, 1])[0]).toEqual({ fromMs: -3, widthMs: 1, posts: 1 });
  });

  test('holds every post in at most forty bars, each in its own', () => {
    fc.assert(
      fc.property(values, (list) => {
        const bars = curve(list);
        expect(bars.length).toBeLessThanOrEqual(40);
        for (const { fromMs, widthMs, posts } of bars) {
          const inside = list.filter((ms) => ms >= fromMs && ms < fromMs + widthMs);
          expect(posts).toBe(inside.length);
        }
      }),
    );
  });
});
