import { randomInt } from 'node:crypto';

/** The first moment of X's ids: 2010-11-04T01:42:54.657Z. */
const EPOCH_MS = 1_288_834_974_657;

export type Snowflakes = ReturnType<typeof createSnowflakes>;

/** Ids like X's: milliseconds, ten bits that name the machine which made it, and a counter of twelve. Unique, and they rise with time. */
export function createSnowflakes() {
  let lastMs = 0;
  let counter = 0;
  const machine = randomInt(1 << 10);

  return {
    next(atUs: number): string {
      const ms = Math.max(lastMs, Math.floor(atUs / 1_000));
      counter = ms === lastMs ? counter + 1 : 0;
      lastMs = ms;
      return String((BigInt(ms - EPOCH_MS) << 22n) | BigInt((machine << 12) + counter));
    },
  };
}
