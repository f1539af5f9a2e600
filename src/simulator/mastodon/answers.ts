import type { SimulatedAccount } from '../accounts.ts';
import type { SimulatedRefusal } from '../behaviour.ts';
import type { SimulatedResponse, World } from '../platform.ts';
import type { Window } from '../x/limits.ts';
import type { MastodonBehaviour } from './behaviour.ts';

/** What Mastodon answers: docs.joinmastodon.org/entities/Error, /methods/statuses and /methods/oauth, and the field. */
export const JSON_TYPE = 'content-type: application/json; charset=utf-8\r\n';

export function json(status: number, body: unknown, headers = ''): SimulatedResponse {
  return { status, headers: JSON_TYPE + headers, body: JSON.stringify(body) };
}

export function failure(status: number, error: string, headers?: string): SimulatedResponse {
  return json(status, { error }, headers);
}

export function unauthorized(): SimulatedResponse {
  const error = 'The access token is invalid';
  const challenge = `www-authenticate: Bearer realm="Doorkeeper", error="invalid_token", error_description="${error}"\r\n`;
  return failure(401, error, challenge);
}

export function outsideScopes(): SimulatedResponse {
  return failure(403, 'This action is outside the authorized scopes');
}

/** Every request needs a token. */
export function closedToAll({ software }: MastodonBehaviour): SimulatedResponse {
  if (software === 'gotosocial') return failure(401, 'Unauthorized: token not supplied');
  if (software === 'hollo') return failure(401, 'unauthorized');
  return failure(401, 'This API requires an authenticated user');
}

/** The token is for something else. */
export function mayNotRead({ software }: MastodonBehaviour): SimulatedResponse {
  if (software === 'gotosocial') {
    return failure(403, 'Forbidden: token has insufficient scope permission');
  }
  return software === 'hollo' ? failure(403, 'insufficient_scope') : outsideScopes();
}

/** GoToSocial knows the tokens of a suspended account, or of one whose approval was withdrawn, no more. */
export function barred({ software }: MastodonBehaviour): SimulatedResponse {
  return software === 'gotosocial'
    ? failure(401, 'Unauthorized: application not supplied')
    : disabled();
}

/**
 * Why this account may not act, or undefined. Mastodon says the same of accounts that moved, died or were disabled; GoToSocial names
 * a move.
 */
export function problemWith(
  account: SimulatedAccount,
  mastodon: MastodonBehaviour,
): SimulatedResponse | undefined {
  if (account.suspended || account.locked) return barred(mastodon);
  switch (account.standing) {
    case 'good':
    case 'limited':
      return undefined;
    case 'moved':
      return mastodon.software === 'gotosocial' ? hasMoved() : disabled();
    case 'memorial':
      return disabled();
    case 'pending':
      return failure(403, 'Your login is currently pending approval');
    case 'terms':
      return failure(403, 'You have to accept the new terms of service first');
  }
}

function hasMoved(): SimulatedResponse {
  return failure(403, 'Forbidden: your account has Moved or is currently Moving');
}

/** For accounts that are suspended, or that their owners or moderators have frozen. */
export function disabled(): SimulatedResponse {
  return failure(403, 'Your login is currently disabled');
}

export function oauthError(
  status: number,
  error: string,
  error_description: string,
): SimulatedResponse {
  return json(status, { error, error_description });
}

export function invalidClient(): SimulatedResponse {
  return oauthError(401, 'invalid_client', 'Client authentication failed due to unknown client.');
}

export function internalError(): SimulatedResponse {
  return json(500, { status: 500, error: 'Internal Server Error' });
}

/** ISO 8601 with microseconds: docs.joinmastodon.org/api/rate-limits. */
export function limitHeaders({ limit, used, endsMs }: Pick<Window, 'limit' | 'used' | 'endsMs'>) {
  const reset = new Date(endsMs).toISOString().replace('Z', '000Z');
  const left = Math.max(0, limit - used);
  return `x-ratelimit-limit: ${limit}\r\nx-ratelimit-remaining: ${left}\r\nx-ratelimit-reset: ${reset}\r\n`;
}

export function tooMany(window: Pick<Window, 'limit' | 'used' | 'endsMs'>): SimulatedResponse {
  return failure(429, 'Too many requests', limitHeaders(window));
}

function page(status: number, title: string): SimulatedResponse {
  const body = `<html><head><title>${title}</title></head><body><center><h1>${title}</h1></center><hr><center>nginx</center></body></html>\n`;
  return { status, headers: 'content-type: text/html\r\n', body };
}

/** Mastodon has no credits and no review, so that 402 and a refused app are its plain "not allowed". */
export function forced(
  refusal: SimulatedRefusal,
  { behaviour }: World,
  nowMs: number,
): SimulatedResponse {
  switch (refusal) {
    case 'status200Html':
      return page(200, 'One moment, please');
    case 'status400InvalidGrant':
      return oauthError(400, 'invalid_grant', 'The provided authorization grant is invalid.');
    case 'status401':
      return unauthorized();
    case 'status402':
    case 'status403Forbidden':
      return failure(403, 'This action is not allowed');
    case 'status403Locked':
    case 'status403Suspended':
      return disabled();
    case 'status403NotPermitted':
      return outsideScopes();
    case 'status429App':
      // What a gateway says of an address: it names no limit.
      return page(429, '429 Too Many Requests');
    case 'status429User': {
      const { limit } = behaviour.limits.mastodonPostsPerUser;
      return tooMany({ limit, used: limit, endsMs: nowMs + behaviour.forcedResetSeconds * 1_000 });
    }
    case 'status500':
      return internalError();
    case 'status502':
      return behaviour.mastodon.gatewayStatus === 504
        ? page(504, '504 Gateway Time-out')
        : page(502, '502 Bad Gateway');
    case 'status503':
      return failure(503, 'There was a temporary problem serving your request, please try again');
  }
}
