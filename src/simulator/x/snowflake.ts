/** The first moment of X's ids: 2010-11-04T01:42:54.657Z. */
const EPOCH_MS = 1_288_834_974_657;

export type Snowflakes = ReturnType<typeof createSnowflakes>;

/** Ids like X's: milliseconds in the upper bits, a counter in the lower 22. Unique, and they rise with time. */
export function createSnowflakes() {
  let lastMs = 0;
  let counter = 0;

  return {
    next(atUs: number): string {
      const ms = Math.max(lastMs, Math.floor(atUs / 1_000));
      counter = ms === lastMs ? counter + 1 : 0;
      lastMs = ms;
      return String((BigInt(ms - EPOCH_MS) << 22n) | BigInt(counter));
    },
  };
}
