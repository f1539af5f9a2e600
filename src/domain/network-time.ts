/** Between which bounds another clock is ahead of ours, in milliseconds; negative: it is behind. */
export interface ClockBounds {
  min: number;
  max: number;
}

/** One answer of a server: its Date, and when by our clock it was asked and had answered. Epoch milliseconds. */
export interface TimedAnswer {
  dateMs: number;
  sentAtMs: number;
  receivedAtMs: number;
}

/** Clocks that differ by this much are an alarm. Milliseconds. */
export const CLOCK_ALARM_MS = 2_000;
/** A Date is told in whole seconds, cut off (RFC 9110, 5.6.7). */
const DATE_STEP_MS = 1_000;
/** A clock that may be off by the alarm is not one while it may be right but for this much. */
const CERTAIN_MS = 1_000;

/**
 * What one answer says of a server's clock: it wrote the Date after we asked and before we had the answer, and within the second
 * that the Date names. However long the answer took, the truth lies between the bounds.
 */
export function toClockBounds({ dateMs, sentAtMs, receivedAtMs }: TimedAnswer): ClockBounds {
  return { min: dateMs - receivedAtMs, max: dateMs + DATE_STEP_MS - sentAtMs };
}

/** What several answers of one server say together, the newest first; older ones that contradict it are left out. */
export function narrow(bounds: readonly ClockBounds[]): ClockBounds | null {
  let found: ClockBounds | null = null;
  for (const one of bounds) {
    const both: ClockBounds = found
      ? { min: Math.max(found.min, one.min), max: Math.min(found.max, one.max) }
      : one;
    if (both.min > both.max) break;
    found = both;
  }
  return found;
}

/** How far a clock is ahead of ours, as well as its bounds tell. Milliseconds. */
export function middleOfBounds({ min: least, max: most }: ClockBounds): number {
  return (least + most) / 2;
}

/** The median of several servers' clocks; of two in the middle the one nearer to ours. Null where there is none. */
export function medianClock(clocks: readonly ClockBounds[]): ClockBounds | null {
  const sorted = [...clocks].sort((a, b) => middleOfBounds(a) - middleOfBounds(b));
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.floor((sorted.length - 1) / 2)];
  if (!upper || !lower) return null;
  return Math.abs(middleOfBounds(lower)) <= Math.abs(middleOfBounds(upper)) ? lower : upper;
}

/** Whether a clock is off by enough for an alarm: by two seconds as far as can be told, and by one for certain. */
export function isClockOff({ min: least, max: most }: ClockBounds): boolean {
  const [near, far] = least + most >= 0 ? [least, most] : [-most, -least];
  return near >= CERTAIN_MS && far >= CLOCK_ALARM_MS;
}

/** The same clock, against another one of ours that is `aheadMs` ahead of the first. */
export function shiftBounds({ min: least, max: most }: ClockBounds, aheadMs: number): ClockBounds {
  return { min: least - aheadMs, max: most - aheadMs };
}
