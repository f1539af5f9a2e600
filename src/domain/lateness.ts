/** How late posts were, in milliseconds after the moment. */
export interface Lateness {
  p50: number;
  p99: number;
  max: number;
  first: number;
}

/** Posts sent in [fromMs, fromMs + widthMs) after the moment. */
export interface CurveBar {
  fromMs: number;
  widthMs: number;
  posts: number;
}

/** More bars than this cannot be told apart on a phone. */
const MAX_BARS = 40;

/**
 * The smallest value that at least `p` percent of the values do not exceed (nearest rank): always one that was seen.
 * @param sortedMs ascending, at least one. @param p in (0, 100]; 0 gives the smallest.
 */
export function percentile(sortedMs: readonly number[], p: number): number {
  const rank = Math.max(1, Math.ceil((p / 100) * sortedMs.length));
  const value = sortedMs[Math.min(rank, sortedMs.length) - 1];
  if (value === undefined) throw new RangeError('a percentile of no values was asked for');
  return value;
}

/** The figures of a burst, its values in any order; null before the first post. */
export function summarise(valuesMs: readonly number[]): Lateness | null {
  if (valuesMs.length === 0) return null;
  const sorted = Float64Array.from(valuesMs).sort();
  const ascending = Array.from(sorted);
  return {
    p50: percentile(ascending, 50),
    p99: percentile(ascending, 99),
    max: percentile(ascending, 100),
    first: percentile(ascending, 0),
  };
}

/**
 * The burst as bars from the moment on, side by side, empty ones among them. All are as wide as the narrowest of
 * 1, 2, 5, 10, 20, 50, ... ms with which at most `most` bars hold everything. A value before the moment, which is a
 * defect, gets its bar too.
 */
export function curve(valuesMs: readonly number[], most = MAX_BARS): CurveBar[] {
  if (valuesMs.length === 0) return [];
  const least = valuesMs.reduce((a, b) => Math.min(a, b), 0);
  const greatest = valuesMs.reduce((a, b) => Math.max(a, b), 0);
  const widthMs = readableWidth(least, greatest, most);
  const start = Math.floor(least / widthMs);
  const bars = Array.from({ length: Math.floor(greatest / widthMs) - start + 1 }, (_, index) => ({
    fromMs: (start + index) * widthMs,
    widthMs,
    posts: 0,
  }));
  for (const value of valuesMs) {
    const bar = bars[Math.floor(value / widthMs) - start];
    if (bar) bar.posts += 1;
  }
  return bars;
}

function readableWidth(least: number, greatest: number, most: number): number {
  if (!Number.isFinite(greatest - least)) throw new RangeError('lateness must be finite');
  for (let power = 1; ; power *= 10) {
    for (const step of [1, 2, 5]) {
      const width = step * power;
      if (Math.floor(greatest / width) - Math.floor(least / width) < most) return width;
    }
  }
}
