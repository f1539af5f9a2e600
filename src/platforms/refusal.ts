import { readHeader, statedResetAt, statedRetryAt } from '../outbound/retry-after.ts';
import { codeWords } from './code-words.ts';
import { AccountRefused, AppRefused, AskedToWait, GrantRefused, OutOfOrder } from './platform.ts';

/** What is read of an answer of a token endpoint that is no success. */
export interface TokenRefusal {
  status: number;
  /** By their names in lower case. */
  headers: Readonly<Record<string, string | string[] | undefined>>;
  /** `error` of its body, RFC 6749 5.2; whatever else it is there counts as none. */
  error: unknown;
}

/** Error codes of RFC 6749 4.1.2.1 and 5.2, RFC 7591 3.2.2 and RFC 9449 5 and 8, which logs and the desk may have. */
const OAUTH_WORDS: ReadonlySet<string> = new Set([
  ...['access_denied', 'invalid_client', 'invalid_client_metadata', 'invalid_dpop_proof'],
  ...['invalid_grant', 'invalid_request', 'invalid_scope', 'server_error'],
  ...['temporarily_unavailable', 'unauthorized_client', 'unsupported_grant_type'],
  'use_dpop_nonce',
]);

/** Of a code, or of a refresh token, that is no good any more or was never for this flow. */
const GRANT_OVER: ReadonlySet<unknown> = new Set(['invalid_grant', 'invalid_request']);
/** Of the app, the same for every supporter. */
const APP: ReadonlySet<unknown> = new Set([
  ...['invalid_client', 'invalid_client_metadata', 'unauthorized_client'],
  ...['unsupported_grant_type', 'invalid_scope', 'invalid_dpop_proof'],
]);
/** The app's id or secret; its credits; an address or a version that is no more. */
const APP_STATUSES: ReadonlySet<number> = new Set([401, 402, 404, 405, 410, 426]);

/** The error that an answer of a token endpoint stands for: its code word decides, and without a known one its status. */
export function tokenFailure(network: string, { status, headers, error }: TokenRefusal): Error {
  const word = typeof error === 'string' ? error : '';
  const words = `${network} answered ${codeWords(status, [word], OAUTH_WORDS)}`;
  if (status === 400 && GRANT_OVER.has(word)) return new GrantRefused(words);
  if (APP.has(word)) return new AppRefused(words);
  return statusFailure(words, { status, headers }, APP_STATUSES);
}

const NO_APP_STATUSES: ReadonlySet<number> = new Set([402, 426]);

/**
 * The same for an answer to "who am I?" whose code words say nothing else: here 401 and 403 are about the sign-in and the account.
 * `words`: for the log, see `codeWords`.
 */
export function identityFailure(words: string, answer: Omit<TokenRefusal, 'error'>): Error {
  if (answer.status === 401) return new GrantRefused(words);
  return statusFailure(words, answer, NO_APP_STATUSES);
}

function statusFailure(
  words: string,
  { status, headers }: Omit<TokenRefusal, 'error'>,
  app: ReadonlySet<number>,
): Error {
  if (status === 429) return new AskedToWait(words, limitEnd(headers, new Date()));
  if (app.has(status)) return new AppRefused(words);
  // 2xx and 3xx: something answered in the network's place, such as a gateway with a page of its own.
  if (status >= 500 || status < 400) return new OutOfOrder(words);
  return status === 403 ? new AccountRefused(words) : new OutOfOrder(words);
}

/** As Mastodon and Bluesky call what others call x-rate-limit-reset. */
const RESETS = ['x-ratelimit-reset', 'ratelimit-reset'];

/** X's limits of a day, each of which says what is left of it. */
const DAYS = ['x-app-limit-24hour', 'x-user-limit-24hour'];

/** Null where it names no time. */
function limitEnd(headers: TokenRefusal['headers'], now: Date): Date | null {
  const day = DAYS.find((name) => readHeader(headers, `${name}-remaining`) === '0');
  if (day !== undefined) return statedResetAt(headers, `${day}-reset`, now);
  const reset = RESETS.find((name) => readHeader(headers, name) !== undefined);
  return reset === undefined || readHeader(headers, 'retry-after') !== undefined
    ? statedRetryAt(headers, now)
    : statedResetAt(headers, reset, now);
}
