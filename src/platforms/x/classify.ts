import { ApiPartialResponseError, ApiRequestError, ApiResponseError } from 'twitter-api-v2';
import type { Outcome, RefusalReason } from '../../domain/outcome.ts';
import { parseBody } from './client.ts';

/** How long to leave an account or the app alone when X names no time. */
const UNNAMED_WAIT_MS = 15 * 60_000;
const OVERLOADED_WAIT_MS = 2_000;

/** Failures that end before the request could be written: nothing has happened at X, so the post may be sent again. */
const NEVER_LEFT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'EMFILE',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/**
 * Reads what went wrong with POST /2/tweets. By status, error code and problem type; by words only where X has no code
 * for it (duplicate content, a feature the app may not use). Rows and evidence: docs.x.com/x-api/fundamentals/response-codes-and-errors, and field reports.
 */
export function classifyFailure(error: unknown, now: Date): Outcome {
  if (error instanceof ApiResponseError) return classifyAnswer(error, now);
  if (error instanceof ApiPartialResponseError) {
    return { kind: 'unknown', detail: 'the answer broke off or was not readable' };
  }
  if (error instanceof ApiRequestError) return classifyTransport(error);
  return { kind: 'unknown', detail: `unexpected: ${nameOf(error)}` };
}

function classifyTransport(error: ApiRequestError): Outcome {
  const cause = transportCause(error);
  const detail = cause?.code ?? cause?.name ?? 'no answer';
  const neverLeft = NEVER_LEFT.has(detail) || cause?.syscall === 'connect';
  return { kind: neverLeft ? 'not_sent' : 'unknown', detail };
}

/** The library keeps the cause in a private field, and its public getter is always undefined. */
function transportCause(error: ApiRequestError): NodeJS.ErrnoException | undefined {
  return (error as unknown as { _options?: { error?: NodeJS.ErrnoException } })._options?.error;
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}

/** What is read of X's two shapes of error body: problem details, and the older list of codes. */
interface ErrorBody {
  type: string;
  detail: string;
  reason: string;
  codes: readonly number[];
  parsed: boolean;
}

function classifyAnswer(error: ApiResponseError, now: Date): Outcome {
  const body = readBody(error.data);
  if (body.type.endsWith('/usage-capped')) return refused('app_problem', error, body);
  switch (error.code) {
    case 400:
      return body.parsed
        ? refused('text_invalid', error, body)
        : { kind: 'unknown', detail: summary(error, body) };
    case 401:
      return body.codes.includes(326)
        ? refused('account_locked', error, body)
        : { kind: 'reconnect', detail: summary(error, body) };
    case 402:
      return refused('app_problem', error, body);
    case 403:
      return classifyForbidden(error, body);
    case 429:
      return classifyLimit(error, now);
    case 503:
      // Documented as "overloaded, not executed" when X itself says it; a gateway's page proves nothing.
      return body.parsed
        ? { kind: 'wait', until: after(now, OVERLOADED_WAIT_MS), detail: summary(error, body) }
        : { kind: 'unknown', detail: summary(error, body) };
    default:
      return error.code >= 500 || !body.parsed
        ? { kind: 'unknown', detail: summary(error, body) }
        : refused('text_invalid', error, body);
  }
}

function classifyForbidden(error: ApiResponseError, body: ErrorBody): Outcome {
  if (!body.parsed) return { kind: 'unknown', detail: summary(error, body) };
  if (body.type.endsWith('/user-suspended') || body.codes.includes(64)) {
    return refused('account_suspended', error, body);
  }
  if (body.codes.includes(326) || body.codes.includes(226)) {
    return refused('account_locked', error, body);
  }
  if (body.codes.includes(89)) return { kind: 'reconnect', detail: summary(error, body) };
  if (body.codes.includes(187) || body.detail.toLowerCase().includes('duplicate content')) {
    return refused('duplicate', error, body);
  }
  if (
    body.type.endsWith('/client-forbidden') ||
    body.type.endsWith('/oauth1-permissions') ||
    body.detail.toLowerCase().includes('not permitted to access this feature')
  ) {
    return refused('app_problem', error, body);
  }
  return refused('text_invalid', error, body);
}

/** Which of three limits was hit is in the headers: the app's day, the account's day, or the account's quarter of an hour. */
function classifyLimit(error: ApiResponseError, now: Date): Outcome {
  const header = (name: string): string | undefined => {
    const value = error.headers?.[name];
    return Array.isArray(value) ? value[0] : value;
  };
  if (header('x-app-limit-24hour-remaining') === '0') {
    const until = resetAt(header('x-app-limit-24hour-reset'), now);
    return { kind: 'throttled', until, detail: 'the app’s posts of the day are used up' };
  }
  if (header('x-user-limit-24hour-remaining') === '0') {
    const until = resetAt(header('x-user-limit-24hour-reset'), now);
    return { kind: 'wait', until, detail: 'the account’s posts of the day are used up' };
  }
  const until = resetAt(header('x-rate-limit-reset'), now);
  return { kind: 'wait', until, detail: 'the account has to wait' };
}

/** X names the end of a limit in Unix seconds. A missing, past or absurd one becomes a quarter of an hour. */
function resetAt(header: string | undefined, now: Date): Date {
  const seconds = Number(header);
  const until = new Date(seconds * 1000);
  const sane = until.getTime() > now.getTime() && until.getTime() < now.getTime() + 25 * 3_600_000;
  return header !== undefined && sane ? until : after(now, UNNAMED_WAIT_MS);
}

function after(now: Date, ms: number): Date {
  return new Date(now.getTime() + ms);
}

function refused(reason: RefusalReason, error: ApiResponseError, body: ErrorBody): Outcome {
  return { kind: 'refused', reason, detail: summary(error, body) };
}

/** Longest run of code words that the ledger keeps of an answer. */
const MOST_DETAIL = 100;

/** For the ledger and the log: the status and X's own code words, never its prose, which may quote the post. */
function summary(error: ApiResponseError, body: ErrorBody): string {
  const words = [body.type.split('/').pop(), body.reason, ...body.codes.map(String)];
  const known = words.filter((word) => word !== 'about:blank' && /^[\w.:-]+$/.test(word ?? ''));
  return [String(error.code), ...known].join(' ').slice(0, MOST_DETAIL);
}

function readBody(answer: unknown): ErrorBody {
  const data = parseBody(answer);
  if (typeof data !== 'object' || data === null) {
    return { type: '', detail: '', reason: '', codes: [], parsed: false };
  }
  const body = data as Record<string, unknown>;
  const text = (key: string): string => (typeof body[key] === 'string' ? body[key] : '');
  const errors = Array.isArray(body.errors) ? (body.errors as unknown[]) : [];
  const codes = errors.flatMap((entry) => {
    const code = (entry as { code?: unknown } | null)?.code;
    return typeof code === 'number' ? [code] : [];
  });
  return {
    type: text('type'),
    detail: text('detail'),
    reason: text('reason'),
    codes,
    parsed: true,
  };
}
