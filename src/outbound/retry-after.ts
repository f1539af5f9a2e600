import type { ResponseHeaders } from './wire/response-parser.ts';

/** The longest that a platform is believed: a day's limit, and an hour for clocks and zones. */
export const MAX_WAIT_MS = 25 * 3_600_000;
/** For "at once": it must be ahead of now. */
const MIN_WAIT_MS = 1_000;
/** A platform's clock is taken for wrong from here on; its Date header has whole seconds, and was on its way. */
const CLOCK_SLACK_MS = 2_000;
/** And beyond this it is taken for nonsense. */
const WORST_CLOCK_MS = 3_600_000;

const SECONDS = /^\d{1,15}(\.\d{1,9})?$/;
/** Fri, 31 Dec 1999 23:59:59 GMT, and the two older forms of RFC 9110, 5.6.7. */
const HTTP_DATE = /^[A-Z][a-z]{2,8},? [\w :-]{10,40}$/;
const ISO_DATE = /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:?\d\d)$/;

/**
 * When a platform that said "not now" may be asked again: the later of Retry-After (RFC 9110: seconds, or a date) and
 * x-rate-limit-reset (Unix seconds, or a date), unless its window has something left. What is missing, past, further than
 * MAX_WAIT_MS ahead or not readable does not count; with nothing left it is `fallbackMs`.
 */
export function retryAt(headers: ResponseHeaders, now: Date, fallbackMs: number): Date {
  return statedRetryAt(headers, now) ?? afterMs(now, fallbackMs);
}

/** The same; null where nothing is left that the platform has named. */
export function statedRetryAt(headers: ResponseHeaders, now: Date): Date | null {
  const remaining = Number(readHeader(headers, 'x-rate-limit-remaining') ?? 0);
  const waits = [
    retryAfterMs(headers, now),
    remaining > 0 ? null : resetMs(headers, 'x-rate-limit-reset', now),
  ].filter((ms) => ms !== null);
  return waits.length > 0 ? afterMs(now, Math.max(...waits)) : null;
}

/** The end of the limit that this header names, likewise. */
export function resetAt(
  headers: ResponseHeaders,
  name: string,
  now: Date,
  fallbackMs: number,
): Date {
  return statedResetAt(headers, name, now) ?? afterMs(now, fallbackMs);
}

/** The same; null where the header is not there or does not count. */
export function statedResetAt(headers: ResponseHeaders, name: string, now: Date): Date | null {
  const ms = resetMs(headers, name, now);
  return ms === null ? null : afterMs(now, ms);
}

/** The value of a header; the first where it came more than once. */
export function readHeader(headers: ResponseHeaders, name: string): string | undefined {
  const value = headers[name];
  return (Array.isArray(value) ? value[0] : value)?.trim();
}

function retryAfterMs(headers: ResponseHeaders, now: Date): number | null {
  const value = readHeader(headers, 'retry-after');
  if (value === undefined) return null;
  if (SECONDS.test(value)) return clampWait(Math.max(Number(value) * 1000, MIN_WAIT_MS));
  return HTTP_DATE.test(value) ? untilInstant(Date.parse(value), headers, now) : null;
}

function resetMs(headers: ResponseHeaders, name: string, now: Date): number | null {
  const value = readHeader(headers, name);
  if (value === undefined) return null;
  if (SECONDS.test(value)) return untilInstant(Number(value) * 1000, headers, now);
  const dated = ISO_DATE.test(value) || HTTP_DATE.test(value);
  return dated ? untilInstant(Date.parse(value), headers, now) : null;
}

/** An instant of the platform's is by its own clock, which may be behind ours: asking early is worse than asking late. */
function untilInstant(instant: number, headers: ResponseHeaders, now: Date): number | null {
  const behind = now.getTime() - Date.parse(readHeader(headers, 'date') ?? '');
  const correction = behind > CLOCK_SLACK_MS && behind < WORST_CLOCK_MS ? behind : 0;
  return clampWait(instant + correction - now.getTime());
}

function clampWait(ms: number): number | null {
  return ms > 0 && ms <= MAX_WAIT_MS ? ms : null;
}

/** Dates have whole milliseconds; rounding must not lead back to now. */
function afterMs(now: Date, ms: number): Date {
  return new Date(now.getTime() + Math.ceil(ms));
}
