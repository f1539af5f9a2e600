import type { Outcome, RefusalReason } from '../../domain/outcome.ts';
import { isChallenge, keptOut } from '../../outbound/challenge.ts';
import { readHeader, resetAt, retryAt } from '../../outbound/retry-after.ts';
import type { ResponseHeaders, SendResult } from '../../outbound/wire/sender.ts';
import type { PostOrder } from '../platform.ts';
import { barredBy } from './barred.ts';
import { type MisskeyMeaning, misskeyMeaning } from './misskey.ts';
import { type Fields, idIn, ownUrl, readObject, textAt } from './reading.ts';
import { limitsAddresses } from './software.ts';
import { isWordForWord } from './words.ts';

/** How long to leave an account or a server alone that names no time: a window of Mastodon's limits. */
export const UNNAMED_WAIT_MS = 5 * 60_000;

/** What was to be posted. */
export type SentStatus = Pick<PostOrder, 'text' | 'contentWarning'>;

/** Where an answer comes from. */
export interface From {
  origin: string;
  software: string;
}

/** Noted of a post that is there, but not word for word. */
export const SHOWN_OTHERWISE = 'shown otherwise than sent';

type Answered = Extract<SendResult, { kind: 'answer' }>;

/**
 * What came of POST /api/v1/statuses. Mastodon has no codes but OAuth's; its words for people are fixed and in English where
 * they are read. Nothing that a server says is the app's fault: supporters name the servers, and one of them must not be able
 * to stop the others. Never throws. docs.joinmastodon.org/methods/statuses and /entities/Error.
 */
export function classify(result: SendResult, now: Date, from: From, sent: SentStatus): Outcome {
  if (result.kind === 'no_answer') {
    return { kind: result.left ? 'unknown' : 'not_sent', detail: String(result.code) };
  }
  const { status } = result;
  if (isChallenge(result)) return keptOut(result, now);
  const body = readObject(result.body);
  if (status >= 200 && status < 300) return classifyPosted(status, body, from, sent);
  const detail = summariseError(result);
  const refused = (reason: RefusalReason): Outcome => ({ kind: 'refused', reason, detail });
  const meant = status < 500 ? misskeyMeaning(body) : null;
  if (meant !== null) return classifyMisskey(meant, result, now);
  if (status === 401) return { kind: 'reconnect', detail };
  if (status === 429) return classifyLimit(result, now, from, detail);
  // A page proves nothing, nor does any failure: what they hide may have been executed.
  if (!body || status < 400 || status >= 500) return { kind: 'unknown', detail };
  if (wantsReconnect(result)) return { kind: 'reconnect', detail };
  if (status === 403) return refused(barredBy(body, from.software));
  return refused(TEXT_REFUSED.has(status) ? 'text_invalid' : 'platform_down');
}

const TEXT_REFUSED = new Set([400, 413, 422]);

/** What the server made of what was sent is in its answer. */
function classifyPosted(
  status: number,
  body: Fields | null,
  { origin }: From,
  { text, contentWarning = '' }: SentStatus,
): Outcome {
  const id = idIn(body);
  // An answer without an id is also what a silent filter gives, which keeps no post.
  if (id === null) return { kind: 'unknown', detail: `${status} without a readable id` };
  const content = textAt(body, 'content');
  const warning = textAt(body, 'spoiler_text');
  const isWarned = warning === contentWarning || isWordForWord(warning, contentWarning);
  const isAsSent = content === '' || (isWordForWord(content, text) && isWarned);
  const url = ownUrl(textAt(body, 'url'), origin);
  return { kind: 'posted', id, url, ...(isAsSent ? {} : { detail: SHOWN_OTHERWISE }) };
}

/** Its limits of posting are the account's. What failed by itself may have been executed. */
function classifyMisskey(meant: MisskeyMeaning, response: Answered, now: Date): Outcome {
  const detail = summariseError(response);
  if (meant === 'later') return { kind: 'wait', until: limitEnd(response.headers, now), detail };
  if (meant === 'reconnect') return { kind: 'reconnect', detail };
  if (meant === 'failed') return { kind: 'unknown', detail };
  return { kind: 'refused', reason: meant, detail };
}

/** Mastodon's limits of posting are the account's, and it says so in headers; what has none is a gateway before the server. */
function classifyLimit(response: Answered, now: Date, from: From, detail: string): Outcome {
  const hasHeaders = readHeader(response.headers, 'x-ratelimit-limit') !== undefined;
  const kind = hasHeaders && !limitsAddresses(from.software) ? 'wait' : 'throttled';
  return { kind, until: limitEnd(response.headers, now), detail };
}

/** The later of X-RateLimit-Reset (ISO 8601, docs.joinmastodon.org/api/rate-limits) and Retry-After, which Mastodon lacks. */
export function limitEnd(headers: ResponseHeaders, now: Date): Date {
  const isNamed = (name: string): boolean => readHeader(headers, name) !== undefined;
  const ends = [
    ...(isNamed('x-ratelimit-reset')
      ? [resetAt(headers, 'x-ratelimit-reset', now, UNNAMED_WAIT_MS)]
      : []),
    ...(isNamed('retry-after') ? [retryAt(headers, now, UNNAMED_WAIT_MS)] : []),
  ];
  const latest = Math.max(...ends.map((end) => end.getTime()));
  return ends.length > 0 ? new Date(latest) : new Date(now.getTime() + UNNAMED_WAIT_MS);
}

/** Of a 403 for scopes: Mastodon's words, and Pleroma's and Akkoma's, whose dead tokens have no scopes either. */
const NO_SCOPE = /scope|insufficient permissions|invalid credentials/;

/** The token is no good for posting, now or ever: RFC 6750, 3.1; else by a server's own words for a token of no account. */
export function wantsReconnect({ status, headers, body }: Answered): boolean {
  const code = codeOf(headers, body);
  if (code === 'invalid_token' || code === 'insufficient_scope') return true;
  if (misskeyMeaning(readObject(body)) === 'reconnect') return true;
  const words = textAt(readObject(body), 'error').toLowerCase();
  if (status === 403) return NO_SCOPE.test(words);
  return status === 422 && words.includes('requires an authenticated user');
}

/** RFC 6749, 5.2, and RFC 6750, 3.1. */
const CODES = [
  ...['invalid_token', 'insufficient_scope', 'invalid_request', 'invalid_grant', 'invalid_client'],
  ...['unauthorized_client', 'invalid_scope', 'access_denied'],
];

function codeOf(headers: ResponseHeaders, body: string): string {
  const code = textAt(readObject(body), 'error');
  if (CODES.includes(code)) return code;
  const challenge = readHeader(headers, 'www-authenticate') ?? '';
  return CODES.find((known) => challenge.includes(`error="${known}"`)) ?? '';
}

/** For the ledger and the log: the status and OAuth's code, never a word that the server has chosen. */
export function summariseError({ status, headers, body }: Answered): string {
  return `${status} ${codeOf(headers, body)}`.trim();
}
