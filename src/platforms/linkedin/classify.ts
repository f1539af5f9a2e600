import type { Outcome, RefusalReason } from '../../domain/outcome.ts';
import { isChallenge, keptOut } from '../../outbound/challenge.ts';
import { readHeader, retryAt } from '../../outbound/retry-after.ts';
import type { SendResult } from '../../outbound/wire/sender.ts';
import {
  type ErrorBody,
  isAppProblem,
  parseJson,
  readErrorBody,
  summariseError,
} from './error-body.ts';

/** How long to wait after a 429 that may be about anything: LinkedIn protects itself with the same status. */
export const UNNAMED_WAIT_MS = 60_000;
/** A day's limit ends at midnight UTC by LinkedIn's clock, which may be behind ours. */
const AFTER_MIDNIGHT_MS = 30_000;
const DAY_MS = 86_400_000;

type Answered = Extract<SendResult, { kind: 'answer' }>;

/** A post of a member is a share, or a ugcPost; both have numbers. */
const POST_URN = /^urn:li:(?:share|ugcPost):\d{1,25}$/;

/**
 * What came of POST /rest/posts: by status, header and code; by words only where LinkedIn has no code for it (whose day is
 * used up). `urlOf` makes a post's address of its URN. Never throws. Rows and evidence: docs/platforms/linkedin.md.
 */
export function classify(result: SendResult, now: Date, urlOf: (urn: string) => string): Outcome {
  if (result.kind === 'no_answer') {
    return { kind: result.left ? 'unknown' : 'not_sent', detail: result.code };
  }
  const { status, headers } = result;
  if (isChallenge(result)) return keptOut(result, now);
  if (status >= 400) return classifyError(result, now);
  const id = readHeader(headers, 'x-restli-id');
  if (status === 201 && id !== undefined && POST_URN.test(id)) {
    return { kind: 'posted', id, url: urlOf(id) };
  }
  const detail = status === 201 ? '201 without a readable id' : String(status);
  return { kind: 'unknown', detail };
}

function classifyError(response: Answered, now: Date): Outcome {
  const { status } = response;
  const body = readErrorBody(parseJson(response.body));
  const detail = summariseError(status, body);
  const refused = (reason: RefusalReason): Outcome => ({ kind: 'refused', reason, detail });
  if (isAppProblem(status, body)) return refused('app_problem');
  if (status === 429) return classifyLimit(response, body, now, detail);
  if (status === 401) return { kind: 'reconnect', detail };
  // A gateway's page proves nothing: what it hides may have been executed. A conflict is one of two writes, perhaps ours.
  if (!body.parsed || status >= 500 || status === 409) return { kind: 'unknown', detail };
  // What is granted was seen when the grant was taken, so what is missing is the app's product.
  if (status === 403) return refused('app_problem');
  return refused(isDuplicate(body) ? 'duplicate' : 'text_invalid');
}

function isDuplicate({ inputs, message }: ErrorBody): boolean {
  return inputs.includes('DUPLICATE_POST') || /duplicate of urn:li:\w+:\d/.test(message);
}

/**
 * No header says which limit it was, or when it ends; the message names it: "Resource level throttle APPLICATION DAY limit",
 * "MEMBER DAY limit", "APPLICATION_AND_MEMBER DAY limit". learn.microsoft.com/en-us/linkedin/shared/api-guide/concepts/rate-limits
 */
function classifyLimit({ headers }: Answered, body: ErrorBody, now: Date, detail: string): Outcome {
  if (/MEMBER DAY limit/.test(body.message)) {
    return { kind: 'wait', until: nextMidnight(now), detail: `${detail} MEMBER DAY` };
  }
  if (/APPLICATION DAY limit/.test(body.message)) {
    return { kind: 'throttled', until: nextMidnight(now), detail: `${detail} APPLICATION DAY` };
  }
  return { kind: 'wait', until: retryAt(headers, now, UNNAMED_WAIT_MS), detail };
}

/** The end of a day's limit: midnight UTC, and a little. */
export function nextMidnight(now: Date): Date {
  return new Date((Math.floor(now.getTime() / DAY_MS) + 1) * DAY_MS + AFTER_MIDNIGHT_MS);
}
