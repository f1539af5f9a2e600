/** A credential must outlive the moment by this much: the burst, and a look at what is in doubt. */
export const MARGIN_MS = 20 * 60_000;

/** When the rounds of a campaign's preflight begin, in epoch milliseconds. */
export interface PreflightTimes {
  firstAt: number;
  /** The second look, shortly before joining closes. Never before the first, whatever the configuration says. */
  againAt: number;
  moment: number;
}

/**
 * When the round that is under way began; null before the first and from the moment on. A credential that was looked at since
 * then is done with, so who joins in the middle of a round, and has just been asked by the join itself, is not asked again.
 */
export function roundStart(now: number, times: PreflightTimes): number | null {
  const { firstAt, againAt, moment } = times;
  if (now < firstAt || now >= moment) return null;
  return againAt > firstAt && now >= againAt ? againAt : firstAt;
}
