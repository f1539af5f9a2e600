/** Something that took its time, in milliseconds. */
export interface Timed {
  name: string;
  ms: number;
}

/** Some tests are named after what they try, however long that is. */
const MAX_NAME = 160;

/** The `count` that took longest, a line each, slowest first. */
export function slowestLines(all: readonly Timed[], count: number): string[] {
  return all
    .toSorted((a, b) => b.ms - a.ms)
    .slice(0, count)
    .map(({ name, ms }) => `${(ms / 1000).toFixed(1).padStart(7)} s  ${name.slice(0, MAX_NAME)}`);
}
