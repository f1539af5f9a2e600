import type { Outcome, RefusalReason } from '../../domain/outcome.ts';
import { isChallenge, keptOut } from '../../outbound/challenge.ts';
import { readHeader, resetAt, retryAt } from '../../outbound/retry-after.ts';
import type { ResponseHeaders, SendResult } from '../../outbound/wire/sender.ts';
import { readError, summariseError, type XrpcError } from './error-words.ts';
import { parseObject } from './json.ts';

/** How long to leave a server alone that names no time; its window is five minutes long. */
export const UNNAMED_WAIT_MS = 60_000;
/** A nonce that is old again at once: the next try has a newer one. */
const NONCE_WAIT_MS = 1_000;
/** Windows this long are one account's (writes by the hour and the day), shorter ones an address's of ours. Seconds. */
const ACCOUNT_WINDOW = 3_600;

/** The token is not taken, but a new one may be. Legacy sessions have their words, OAuth its own. */
const STALE = new Set(['ExpiredToken', 'InvalidToken', 'invalid_token', 'AuthMissing']);
/** By the server's code, whatever its status; packages/pds and packages/oauth of bluesky-social/atproto. */
const REASONS: Readonly<Record<string, RefusalReason>> = {
  AccountTakedown: 'account_suspended',
  RepoTakendown: 'account_suspended',
  AccountSuspended: 'account_suspended',
  RepoSuspended: 'account_suspended',
  AccountDeactivated: 'account_inactive',
  RepoDeactivated: 'account_inactive',
  AccountNotFound: 'reauthorize',
  RepoNotFound: 'reauthorize',
  ScopeMissingError: 'reauthorize',
  InsufficientScope: 'reauthorize',
  insufficient_scope: 'reauthorize',
};

/** What is to come back for a post, and where it then is. */
export interface Expected {
  uri: string;
  url: string;
}

/** What is the matter with the account, whatever was asked; null where the answer says nothing of that. */
export function barredBy({ error }: Pick<XrpcError, 'error'>): RefusalReason | null {
  const reason = Object.hasOwn(REASONS, error) ? REASONS[error] : undefined;
  return reason === undefined || reason === 'reauthorize' ? null : reason;
}

/** The server does not take the proof: our clock is wrong, or the app. */
export function isProofRefused({ error }: Pick<XrpcError, 'error'>): boolean {
  return error === 'invalid_dpop_proof';
}

/**
 * What came of com.atproto.repo.createRecord: by status, error code and header. That the app is at fault only where the proof is refused, and of limits
 * only this server's: supporters name the servers, and none of them is to stop the posts of others. Never throws.
 */
export function classify(result: SendResult, now: Date, expected: Expected): Outcome {
  if (result.kind === 'no_answer') {
    return { kind: result.left ? 'unknown' : 'not_sent', detail: result.code };
  }
  if (isChallenge(result)) return keptOut(result, now);
  const { status, headers, body } = result;
  if (status === 200) {
    return parseObject(body)?.uri === expected.uri
      ? { kind: 'posted', id: expected.uri, url: expected.url }
      : { kind: 'unknown', detail: '200 without this post' };
  }
  if (status === 429) return classifyLimit(headers, now);
  const error = readError(body);
  const detail = summariseError(status, error);
  // 500 is also the answer to a record that is there already: only reading it tells.
  if (status < 400 || status >= 500) return { kind: 'unknown', detail };
  if (error.error === 'use_dpop_nonce') {
    return { kind: 'wait', until: new Date(now.getTime() + NONCE_WAIT_MS), detail };
  }
  // RFC 9449, 7.1: the proof is wrong, or dated by a wrong clock. The permission is none of it.
  if (isProofRefused(error)) return { kind: 'refused', reason: 'app_problem', detail };
  const reason = REASONS[error.error];
  if (reason) return { kind: 'refused', reason, detail };
  if (STALE.has(error.error) || status === 401) return { kind: 'reconnect', detail };
  // Something else is there under our key, and what it is has to be read.
  if (error.error === 'InvalidSwap' || status === 409 || !error.isTheirs) {
    return { kind: 'unknown', detail };
  }
  return { kind: 'refused', reason: status === 403 ? 'reauthorize' : 'text_invalid', detail };
}

/** packages/pds/src/rate-limits.ts and lex-server: `ratelimit-policy: 3000;w=300`, `ratelimit-reset` in Unix seconds. */
function classifyLimit(headers: ResponseHeaders, now: Date): Outcome {
  const end = limitEnd(headers, now);
  const window = /;\s*w=(\d{1,9})/.exec(readHeader(headers, 'ratelimit-policy') ?? '')?.[1];
  return Number(window ?? 0) >= ACCOUNT_WINDOW
    ? { kind: 'wait', until: end, detail: '429 account' }
    : { kind: 'throttled', until: end, detail: '429 host' };
}

/** When the limit ends that a 429 is about. */
export function limitEnd(headers: ResponseHeaders, now: Date): Date {
  return readHeader(headers, 'ratelimit-reset') === undefined
    ? retryAt(headers, now, UNNAMED_WAIT_MS)
    : resetAt(headers, 'ratelimit-reset', now, UNNAMED_WAIT_MS);
}
