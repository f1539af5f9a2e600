/** A live counter that goes up by one tells a watcher who has just joined, so the public sees tens. */
const STEP = 10;

/**
 * Each public count is shown for this long before the next one, and for less where joining is open for less than sixty times as long.
 * Of two people who were seen within 20 minutes, a watcher who knows everybody else’s time of joining learns in less than one case of
 * fifty which of the two has joined.
 */
export const COUNT_PERIOD_MS = 3_600_000;
const MIN_PERIODS = 60;
const SHORTEST_PERIOD_MS = 1000;

export interface CountTimes {
  /** Any whole number, different for each campaign, so that they are not all published at once. */
  phase: number;
  /** When people could first join. */
  opensMs: number;
  /** When joining closes. */
  closesMs: number;
}

/**
 * The instant in milliseconds as of which joins are counted for the public: the last of the times at which the count of this
 * campaign is published, each a period after the one before, or the close of joining.
 */
export function countedUntil(nowMs: number, { phase, opensMs, closesMs }: CountTimes): number {
  const share = Math.floor((closesMs - opensMs) / MIN_PERIODS);
  const period = Math.min(COUNT_PERIOD_MS, Math.max(SHORTEST_PERIOD_MS, share));
  const published = nowMs - ((((nowMs - phase) % period) + period) % period);
  return closesMs <= nowMs ? Math.max(published, closesMs) : published;
}

/** What the public is shown of a count: rounded down to tens; null while it is below ten. */
export function publicCount(count: number): number | null {
  return count < STEP ? null : Math.floor(count / STEP) * STEP;
}

/** The most that one account adds to the reach of a campaign, so that no sum tells of one account that many people follow. */
export const MAX_FOLLOWERS = 10_000;

/** What is kept, sealed, of an account's followers: two significant digits, capped. Null when the network does not tell. */
export function keptFollowers(followers: number | undefined): number | null {
  if (followers === undefined || !Number.isFinite(followers) || followers < 0) return null;
  return Math.min(roundReach(followers), MAX_FOLLOWERS);
}

/** What the public is shown of how many people follow those whose posts went out; null while those are few, or nothing is known. */
export function publicReach(reach: number | null, posted: number): number | null {
  return reach === null || reach <= 0 || posted < STEP ? null : roundReach(reach);
}

/** Two significant digits. */
export function roundReach(count: number): number {
  return Number(Math.round(count).toPrecision(2));
}
