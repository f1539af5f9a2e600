import { draw } from '../../src/simulator/dice.ts';

/** What can vary, each with its values. */
export type Dimensions = Readonly<Record<string, readonly unknown[]>>;

/** One value of each dimension. */
export type Row<D extends Dimensions> = { -readonly [K in keyof D]: D[K][number] };

/** How many rows are tried for every one that is taken. */
const TRIES = 12;

/**
 * A covering array of strength two: any two values of any two dimensions occur together in at least one row, in far fewer rows
 * than the product has. Greedy: of some rows that each begin with a pair that is missing, the one with most missing pairs is
 * taken. The same seed gives the same rows.
 */
export function pairwise<const D extends Dimensions>(dimensions: D, seed: number): Row<D>[] {
  const sizes = Object.values(dimensions).map((values) => values.length);
  const missing = allPairs(sizes);
  const rows: number[][] = [];
  const chance = dice(seed);
  while (missing.size > 0) {
    const tries = Array.from({ length: TRIES }, () => candidate(sizes, missing, chance));
    const best = tries.reduce((a, b) => (gain(b, missing) > gain(a, missing) ? b : a));
    for (const pair of pairsOf(best)) missing.delete(pair);
    rows.push(best);
  }
  return rows.map((row) => valuesOf(dimensions, row));
}

/** A row that begins with a missing pair; each other dimension gets the value that adds most. */
function candidate(
  sizes: readonly number[],
  missing: ReadonlySet<string>,
  chance: (below: number) => number,
): number[] {
  const row: (number | undefined)[] = sizes.map(() => undefined);
  const pairs = [...missing];
  for (const part of pairs[chance(pairs.length)]?.split(' ') ?? []) {
    const [dimension = 0, value = 0] = part.split(':').map(Number);
    row[dimension] = value;
  }
  for (const dimension of shuffled(sizes.length, chance)) {
    row[dimension] ??= bestValue(row, dimension, sizes[dimension] ?? 1, missing, chance);
  }
  return row.map((value) => value ?? 0);
}

function bestValue(
  row: readonly (number | undefined)[],
  dimension: number,
  size: number,
  missing: ReadonlySet<string>,
  chance: (below: number) => number,
): number {
  const adds = (value: number): number =>
    row.filter((other, at) => other !== undefined && missing.has(pair(at, other, dimension, value)))
      .length;
  const order = shuffled(size, chance);
  return order.reduce((a, b) => (adds(b) > adds(a) ? b : a));
}

function gain(row: readonly number[], missing: ReadonlySet<string>): number {
  return pairsOf(row).filter((one) => missing.has(one)).length;
}

/** `0:3 2:1`: the first dimension's fourth value beside the third dimension's second. */
function pair(a: number, valueOfA: number, b: number, valueOfB: number): string {
  return a < b ? `${a}:${valueOfA} ${b}:${valueOfB}` : `${b}:${valueOfB} ${a}:${valueOfA}`;
}

function pairsOf(row: readonly number[]): string[] {
  return row.flatMap((value, a) =>
    row.slice(a + 1).map((other, i) => pair(a, value, a + 1 + i, other)),
  );
}

function allPairs(sizes: readonly number[]): Set<string> {
  const all = new Set<string>();
  for (let a = 0; a < sizes.length; a++) {
    for (let b = a + 1; b < sizes.length; b++) {
      for (let i = 0; i < (sizes[a] ?? 0); i++) {
        for (let j = 0; j < (sizes[b] ?? 0); j++) all.add(pair(a, i, b, j));
      }
    }
  }
  return all;
}

function valuesOf<D extends Dimensions>(dimensions: D, row: readonly number[]): Row<D> {
  const entries = Object.entries(dimensions).map(([name, values], at) => [
    name,
    values[row[at] ?? 0],
  ]);
  return Object.fromEntries(entries) as Row<D>;
}

/** Whole numbers from nought to below something. */
function dice(seed: number): (below: number) => number {
  let nth = 0;
  return (below) => Math.floor(draw(seed, 'pairwise', '', nth++) * below);
}

function shuffled(length: number, chance: (below: number) => number): number[] {
  const order = Array.from({ length }, (_, index) => index);
  for (let i = length - 1; i > 0; i--) {
    const j = chance(i + 1);
    [order[i], order[j]] = [order[j] ?? 0, order[i] ?? 0];
  }
  return order;
}
