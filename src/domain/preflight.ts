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

/**
 * When the round that is under way began; null before the first and after the last. A credential that was looked at since then
 * is done with, so who joins in the middle of a round, and was asked by the join itself, is not asked again.
 */
export function roundStart(now: number, times: PreflightTimes): number | null {
  const { firstAt, againAt, endsAt } = times;
  if (now < firstAt || now >= endsAt) return null;
  return againAt > firstAt && now >= againAt ? againAt : firstAt;
}
