/** A live counter that goes up by one tells a watcher who has just joined, so the public sees tens. */
const STEP = 10;

/** What the public is shown of a count: rounded down to tens; null while it is below ten. */
export function publicCount(count: number): number | null {
  return count < STEP ? null : Math.floor(count / STEP) * STEP;
}

/** The most that is kept of one account's followers: a 32-bit integer, as PostgreSQL has it. */
const MOST_FOLLOWERS = 2_100_000_000;

/** What is kept of the number of an account's followers: two significant digits, so that it names nobody. Null when nobody knows. */
export function keptFollowers(followers: number | undefined): number | null {
  if (followers === undefined || !Number.isFinite(followers) || followers < 0) return null;
  return Math.min(twoDigits(followers), MOST_FOLLOWERS);
}

/** What the public is shown of how many follow those who have joined: two significant digits; null while few have joined. */
export function publicReach(followers: number | null, joined: number): number | null {
  return followers === null || followers <= 0 || joined < STEP ? null : twoDigits(followers);
}

function twoDigits(count: number): number {
  return Number(Math.round(count).toPrecision(2));
}
