/** What the end of joining means for a second try; null where there is time enough. */
export type Closing =
  /** Joining closes about when it is worth trying again. */
  | 'soon'
  /** It is worth trying again only once joining has closed. */
  | 'too_late'
  /** It has closed. */
  | 'closed';

const MINUTE_MS = 60_000;
/** "A few minutes", as pages say. */
const FEW_MS = 5 * MINUTE_MS;
/** The wait that is named where the network did not say how long. */
const UNNAMED_MS = 15 * MINUTE_MS;

/** When a second try is worth it: at once, after a few minutes, or after a wait; until when, where that is known. */
export type TryAgain = 'at_once' | 'in_minutes' | { wait: Date | null };

/** Times in ms since 1970, `closesAt` being when joining ends. `isJoinable`: it can be joined at `now`. */
export function closingFor(
  again: TryAgain,
  { now, closesAt, isJoinable }: { now: number; closesAt: number; isJoinable: boolean },
): Closing | null {
  if (!isJoinable) return 'closed';
  if (again === 'at_once') return null;
  const wait = again === 'in_minutes' ? null : again.wait;
  if (wait && wait.getTime() >= closesAt) return 'too_late';
  const from = wait?.getTime() ?? now;
  const lasts = wait || again === 'in_minutes' ? FEW_MS : UNNAMED_MS;
  return from + lasts >= closesAt ? 'soon' : null;
}
