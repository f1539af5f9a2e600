import type { Allowance, Outcome, RefusalReason } from '../../domain/outcome.ts';
import { isChallenge, keptOut } from '../../outbound/challenge.ts';
import { readHeader, resetAt, retryAt } from '../../outbound/retry-after.ts';
import type { ResponseHeaders } from '../../outbound/wire/response-parser.ts';
import type { SendResult } from '../../outbound/wire/sender.ts';
import {
  type ErrorBody,
  isAppProblem,
  parseJson,
  readErrorBody,
  summariseError,
} from './error-body.ts';

/** How long to leave an account or the app alone when X names no time. */
export const UNNAMED_WAIT_MS = 15 * 60_000;

type Answered = Extract<SendResult, { kind: 'answer' }>;

/** What the names of the headers on the app's own day begin with. */
const APP_DAY = 'x-app-limit-24hour';
/** Ids of posts are numbers, as text. */
const POST_ID = /^\d{1,20}$/;

/**
 * What came of POST /2/tweets: by status, header, error code and problem type; by words only where X has no code for it
 * (duplicate content, a feature the app may not use). `urlOf` makes a post's address of its id. Never throws.
 * Rows and evidence: docs.x.com/x-api/fundamentals/response-codes-and-errors, and field reports.
 */
export function classify(result: SendResult, now: Date, urlOf: (id: string) => string): Outcome {
  if (result.kind === 'no_answer') {
    return { kind: result.left ? 'unknown' : 'not_sent', detail: result.code };
  }
  if (isChallenge(result)) return keptOut(result, now);
  if (result.status >= 400) return classifyError(result, now);
  if (result.status < 200 || result.status >= 300) {
    return { kind: 'unknown', detail: String(result.status) };
  }
  const id = readPostId(result.body);
  if (id === null) return { kind: 'unknown', detail: `${result.status} without a readable id` };
  const allowance = allowanceOf(result.headers, now);
  return { kind: 'posted', id, url: urlOf(id), ...(allowance && { allowance }) };
}

/** What is left of the app's day, once it is fewer than a thousand; no process has that many under way. */
function allowanceOf(headers: ResponseHeaders, now: Date): Allowance | null {
  const left = readHeader(headers, `${APP_DAY}-remaining`);
  if (left === undefined || !/^\d{1,3}$/.test(left)) return null;
  const until = resetAt(headers, `${APP_DAY}-reset`, now, 0);
  return until > now ? { remaining: Number(left), until } : null;
}

/** `data.id` of an answer; null when there is none that can be an id of X's. */
export function readPostId(body: string): string | null {
  const id = (parseJson(body) as { data?: { id?: unknown } | null } | null | undefined)?.data?.id;
  return isPostId(id) ? id : null;
}

export function isPostId(id: unknown): id is string {
  return typeof id === 'string' && POST_ID.test(id);
}

function classifyError(response: Answered, now: Date): Outcome {
  const body = readErrorBody(parseJson(response.body));
  const detail = summariseError(response.status, body);
  const refused = (reason: RefusalReason): Outcome => ({ kind: 'refused', reason, detail });
  if (isAppProblem(response.status, body)) return refused('app_problem');
  if (response.status === 429) return classifyLimit(response, now);
  const barred = barredBy(response.status, body);
  if (barred) return refused(barred);
  if (response.status === 401) return { kind: 'reconnect', detail };
  // A gateway's page proves nothing: what it hides may have been executed. Neither does X's own 503, "overloaded": it is
  // cheaper to look than to post twice.
  if (!body.parsed || response.status >= 500) return { kind: 'unknown', detail };
  if (response.status === 403 && body.codes.includes(89)) return { kind: 'reconnect', detail };
  return refused(response.status === 403 ? reasonOf(body) : 'text_invalid');
}

/** What keeps the account from posting, whatever was asked, by code or by the same code's words; null where it is something else. */
export function barredBy(
  status: number,
  { problem, codes, detail }: ErrorBody,
): 'account_suspended' | 'account_locked' | null {
  if (status !== 401 && status !== 403) return null;
  const isSuspended = codes.includes(64) || detail.includes('account is suspended');
  if (problem === 'user-suspended' || isSuspended) return 'account_suspended';
  if (codes.includes(326) || detail.includes('temporarily locked')) return 'account_locked';
  const isTakenForMachine = codes.includes(226) || detail.includes('might be automated');
  return status === 403 && isTakenForMachine ? 'account_locked' : null;
}

/** The account's posts of the day are used up: "over daily status update limit", and "daily limit for sending Tweets". */
const DAILY_LIMITS = [185, 344];

/** Why a 403 was given that is about neither the app nor the account. */
function reasonOf({ detail, codes }: ErrorBody): RefusalReason {
  const isOver = codes.some((code) => DAILY_LIMITS.includes(code));
  if (isOver || detail.includes('daily limit')) return 'quota_user';
  if (codes.includes(187) || detail.includes('duplicate content')) return 'duplicate';
  return 'text_invalid';
}

/** Which of three limits was hit is in the headers: the app's day, the account's day, or the account's quarter of an hour. */
function classifyLimit({ headers }: Answered, now: Date): Outcome {
  const usedUp = (limit: string): boolean => readHeader(headers, `${limit}-remaining`) === '0';
  const reset = (limit: string): Date => resetAt(headers, `${limit}-reset`, now, UNNAMED_WAIT_MS);
  if (usedUp(APP_DAY)) {
    const detail = 'the app’s posts of the day are used up';
    return { kind: 'throttled', until: reset(APP_DAY), detail };
  }
  if (usedUp('x-user-limit-24hour')) {
    const detail = 'the account’s posts of the day are used up';
    return { kind: 'wait', until: reset('x-user-limit-24hour'), detail };
  }
  return {
    kind: 'wait',
    until: retryAt(headers, now, UNNAMED_WAIT_MS),
    detail: 'the account has to wait',
  };
}
