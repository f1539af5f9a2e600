/** A live counter that goes up by one tells a watcher who has just joined, so the public sees tens. */
const STEP = 10;

/** What the public is shown of a count: rounded down to tens; null while it is below ten. */
export function publicCount(count: number): number | null {
  return count < STEP ? null : Math.floor(count / STEP) * STEP;
}
