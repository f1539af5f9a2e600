/** A credential must outlive the moment by this much: the burst, and a look at what is in doubt. */
export const MARGIN_MS = 20 * 60_000;

/** When the rounds of a campaign's preflight begin and end, in epoch milliseconds. */
export interface PreflightTimes {
  firstAt: number;
  /** The second look, shortly before joining closes. Never before the first, whatever the configuration says. */
  againAt: number;
  /** Workers take the grants in hand: one that is refreshed now would go stale in what they prepare. */
  endsAt: number;
}

/** A round of preflight, in epoch milliseconds. */
export interface Round {
  from: number;
  to: number;
}

/**
 * The round that is under way; null before the first and after the last. A credential that was looked at since it began is done
 * with, so who joins in the middle of a round, and was asked by the join itself, is not asked again.
 */
export function roundAt(now: number, times: PreflightTimes): Round | null {
  const { firstAt, againAt, endsAt } = times;
  if (now < firstAt || now >= endsAt) return null;
  if (againAt <= firstAt || againAt >= endsAt) return { from: firstAt, to: endsAt };
  return now < againAt ? { from: firstAt, to: againAt } : { from: againAt, to: endsAt };
}

/** What one refresh may well take. */
const REFRESH_MS = 500;

/**
 * How many credentials to refresh at a time: no more than the time demands, and one wherever that will do. A process that dies
 * takes with it every new pair that has come back and is not stored, and each costs a supporter a reconnect.
 * @param left how many may need it before the round ends.
 */
export function refreshConcurrency(left: number, leftMs: number, most: number): number {
  const needed = Math.ceil((left * REFRESH_MS) / Math.max(1, leftMs));
  return Math.min(most, Math.max(1, needed));
}
