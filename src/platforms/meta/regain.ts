import { MAX_WAIT_MS, readHeader, statedRetryAt } from '../../outbound/retry-after.ts';
import type { ResponseHeaders } from '../../outbound/wire/response-parser.ts';
import { asObject, parseGraphJson } from './error-body.ts';

/** How long to leave an account or the app alone when Meta names no time: its windows slide over an hour or a day. */
export const GRAPH_UNNAMED_WAIT_MS = 5 * 60_000;

/**
 * When Meta may be asked again after a limit. `X-Business-Use-Case-Usage` has minutes in it for each use, the longest of which
 * counts; `X-App-Usage` and `X-Page-Usage` have percentages only. developers.facebook.com/docs/graph-api/overview/rate-limiting.
 */
export function regainAt(headers: ResponseHeaders, now: Date): Date {
  return namedRegain(headers, now) ?? new Date(now.getTime() + GRAPH_UNNAMED_WAIT_MS);
}

/** The same; null when Meta names no time. */
export function namedRegain(headers: ResponseHeaders, now: Date): Date | null {
  const usage = asObject(parseGraphJson(readHeader(headers, 'x-business-use-case-usage') ?? ''));
  const minutes = Object.values(usage ?? {})
    .flat()
    .map((entry) => Number(asObject(entry)?.estimated_time_to_regain_access))
    .filter((value) => value > 0 && value * 60_000 <= MAX_WAIT_MS);
  if (minutes.length > 0) return new Date(now.getTime() + Math.ceil(Math.max(...minutes) * 60_000));
  return statedRetryAt(headers, now);
}
