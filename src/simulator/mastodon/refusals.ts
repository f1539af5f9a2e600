import type { SimulatedAccount } from '../accounts.ts';
import type { SimulatedResponse } from '../platform.ts';
import type { Window } from '../x/limits.ts';
import { failure, json, limitHeaders } from './answers.ts';
import type { MastodonBehaviour } from './behaviour.ts';

/** Mastodon's own: docs.joinmastodon.org/entities/Error, and the field. */
const MASTODON = {
  /** Every request needs a token there. */
  noToken: failure(401, 'This API requires an authenticated user'),
  badToken: unauthorized(),
  /** A token of no account. */
  noAccount: failure(422, 'This method requires an authenticated user'),
  /** The token is for something else. */
  outsideScopes: failure(403, 'This action is outside the authorized scopes'),
  /** The same of requests that read. */
  mayNotRead: failure(403, 'This action is outside the authorized scopes'),
  /** Suspended or frozen, moved, or in memory of its owner: Mastodon says the same of all. */
  suspended: disabled(),
  moved: disabled(),
  memorial: disabled(),
  pending: failure(403, 'Your login is currently pending approval'),
  terms: failure(403, 'You have to accept the new terms of service first'),
  notAllowed: failure(403, 'This action is not allowed'),
  noText: failure(403, 'Empty statuses are not allowed'),
  failed: json(500, { status: 500, error: 'Internal Server Error' }),
};

/** What a server refuses a request for. */
type Refusal = keyof typeof MASTODON | 'tooMany' | 'textInvalid';
type Says = Readonly<Partial<Record<Refusal, SimulatedResponse>>>;

/** lib/pleroma/web/plugs of Pleroma, and of Akkoma which comes from it: a suspended account is nobody there. */
const PLEROMA: Says = {
  badToken: failure(403, 'Invalid credentials.'),
  outsideScopes: failure(403, 'Insufficient permissions: write:statuses.'),
  mayNotRead: failure(403, 'Insufficient permissions: read:statuses.'),
  suspended: failure(403, 'Invalid credentials.'),
  pending: failure(403, 'Your account is awaiting approval.'),
};

/** Those of Misskey that its kin hand on, with the status that each has at Misskey: misskey-hub.net/docs/for-developers/api/error. */
const MISSKEY = {
  noToken: [401, 'CREDENTIAL_REQUIRED'],
  badToken: [401, 'AUTHENTICATION_FAILED'],
  noAccount: [401, 'CREDENTIAL_REQUIRED'],
  outsideScopes: [403, 'PERMISSION_DENIED'],
  mayNotRead: [403, 'PERMISSION_DENIED'],
  suspended: [403, 'YOUR_ACCOUNT_SUSPENDED'],
  moved: [403, 'YOUR_ACCOUNT_MOVED'],
  notAllowed: [403, 'ROLE_PERMISSION_DENIED'],
  tooMany: [429, 'RATE_LIMIT_EXCEEDED'],
  textInvalid: [400, 'INVALID_PARAM'],
  failed: [500, 'INTERNAL_ERROR'],
} as const satisfies Partial<Record<Refusal, readonly [status: number, code: string]>>;

/** How a server of each software refuses; what is not here it says as Mastodon does. As seen on running servers, else by its source. */
const SAYS: Readonly<Record<string, Says>> = {
  // It knows the tokens of a suspended account, or of one whose approval was withdrawn, no more.
  gotosocial: {
    noToken: failure(401, 'Unauthorized: token not supplied'),
    mayNotRead: failure(403, 'Forbidden: token has insufficient scope permission'),
    suspended: failure(401, 'Unauthorized: application not supplied'),
    moved: failure(403, 'Forbidden: your account has Moved or is currently Moving'),
  },
  hollo: {
    noToken: failure(401, 'unauthorized'),
    mayNotRead: failure(403, 'insufficient_scope'),
  },
  pleroma: PLEROMA,
  akkoma: PLEROMA,
  // Since 2025 with Misskey's code as Mastodon's word; before, as Firefish still, all of it with 401.
  sharkey: inMisskeysWords((status, code) => failure(status, code)),
  firefish: inMisskeysWords((_status, code) =>
    json(401, { error: { message: 'In words', code, id: 'a-b' } }),
  ),
};

type Software = Pick<MastodonBehaviour, 'software'>;

export function says({ software }: Software, refusal: keyof typeof MASTODON): SimulatedResponse {
  return SAYS[software]?.[refusal] ?? MASTODON[refusal];
}

/** Misskey's kin do not say until when. */
export function tooMany(
  { software }: Software,
  window: Pick<Window, 'limit' | 'used' | 'endsMs'>,
): SimulatedResponse {
  return SAYS[software]?.tooMany ?? failure(429, 'Too many requests', limitHeaders(window));
}

/** `words`: what is the matter with the text. */
export function textInvalid(
  { software }: Software,
  words: string,
  headers: string,
): SimulatedResponse {
  return SAYS[software]?.textInvalid ?? failure(422, `Validation failed: ${words}`, headers);
}

/** Why this account may not act, or undefined. */
export function problemWith(
  { suspended, locked, standing }: SimulatedAccount,
  mastodon: Software,
): SimulatedResponse | undefined {
  if (suspended || locked) return says(mastodon, 'suspended');
  return standing === 'good' || standing === 'limited' ? undefined : says(mastodon, standing);
}

function unauthorized(): SimulatedResponse {
  const error = 'The access token is invalid';
  const challenge = `www-authenticate: Bearer realm="Doorkeeper", error="invalid_token", error_description="${error}"\r\n`;
  return failure(401, error, challenge);
}

/** For accounts that are suspended, or that their owners or moderators have frozen. */
function disabled(): SimulatedResponse {
  return failure(403, 'Your login is currently disabled');
}

function inMisskeysWords(say: (status: number, code: string) => SimulatedResponse): Says {
  const all = Object.entries(MISSKEY).map(([refusal, [status, code]]) => [
    refusal,
    say(status, code),
  ]);
  return Object.fromEntries(all) as Says;
}
