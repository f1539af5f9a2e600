import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Dimensions, pairwise } from './pairwise.ts';

/** Pairs of values of two dimensions that no row has. */
function missing(dimensions: Dimensions, rows: readonly Record<string, unknown>[]): string[] {
  const names = Object.keys(dimensions);
  return names.flatMap((a, i) =>
    names
      .slice(i + 1)
      .flatMap((b) =>
        (dimensions[a] ?? []).flatMap((x) =>
          (dimensions[b] ?? [])
            .filter((y) => !rows.some((row) => row[a] === x && row[b] === y))
            .map((y) => `${a}=${x} ${b}=${y}`),
        ),
      ),
  );
}

const values = fc.uniqueArray(fc.integer(), { minLength: 1, maxLength: 5 });
const anyDimensions = fc.dictionary(fc.string({ minLength: 1, maxLength: 3 }), values, {
  minKeys: 2,
  maxKeys: 4,
  noNullPrototype: true,
});

test('every pair of values of any two dimensions is in a row, whatever the dimensions', () => {
  fc.assert(
    fc.property(anyDimensions, fc.nat(), (dimensions, seed) => {
      const rows = pairwise(dimensions, seed);
      expect(missing(dimensions, rows)).toEqual([]);
      for (const row of rows) expect(Object.keys(row)).toEqual(Object.keys(dimensions));
    }),
    { numRuns: 20 },
  );
});

test('the rows are few, and the same for the same seed', () => {
  const dimensions = { a: [1, 2, 3, 4, 5, 6, 7], b: [1, 2, 3, 4, 5, 6, 7, 8], c: [1, 2, 3, 4] };
  const rows = pairwise({ ...dimensions, d: [true, false] }, 7);
  // The two largest dimensions alone need 56; the product has 448.
  expect(rows.length).toBeLessThanOrEqual(60);
  expect(pairwise({ ...dimensions, d: [true, false] }, 7)).toEqual(rows);
});
