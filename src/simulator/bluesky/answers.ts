import type { SimulatedRefusal } from '../behaviour.ts';
import type { SimulatedResponse } from '../platform.ts';

/** What a PDS and its authorization server answer; packages/pds and packages/oauth of bluesky-social/atproto, seen on 0.4.217. */
export const JSON_TYPE = 'content-type: application/json; charset=utf-8\r\n';
const HTML_TYPE = 'content-type: text/html; charset=utf-8\r\n';
const CHALLENGE = 'www-authenticate: DPoP error="ERROR", algs="ES256"\r\n';
/** No form-action in the policy: browsers would apply it to the redirect as well. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

/** `headers`: further header lines. */
export function json(status: number, body: unknown, headers = ''): SimulatedResponse {
  return { status, headers: JSON_TYPE + headers, body: JSON.stringify(body) };
}

export function xrpcError(
  status: number,
  error: string,
  message: string,
  headers = '',
): SimulatedResponse {
  return json(status, { error, message }, headers);
}

/** 401 of a request with a token, with the challenge that goes with it (RFC 9449, 7.1). */
export function challenge(error: string, message: string, headers = ''): SimulatedResponse {
  return xrpcError(401, error, message, CHALLENGE.replace('ERROR', error) + headers);
}

export function oauthError(status: number, error: string, description: string): SimulatedResponse {
  const body = { error, error_description: description };
  return json(status, body, 'cache-control: no-store\r\n');
}

export function page(status: number, body: string): SimulatedResponse {
  const more = `content-security-policy: ${POLICY}\r\ncache-control: no-store\r\n`;
  return { status, headers: HTML_TYPE + more, body };
}

export const takedown = (): SimulatedResponse =>
  xrpcError(401, 'AccountTakedown', 'Account has been taken down');
export const deactivated = (): SimulatedResponse =>
  xrpcError(401, 'AccountDeactivated', 'Account is deactivated');
export const scopeMissing = (scope: string, headers = ''): SimulatedResponse =>
  xrpcError(403, 'ScopeMissingError', `Missing required scope "${scope}"`, headers);
export const failed = (headers = ''): SimulatedResponse =>
  xrpcError(500, 'InternalServerError', 'Internal Server Error', headers);
export const limited = (headers: string): SimulatedResponse =>
  xrpcError(429, 'RateLimitExceeded', 'Rate Limit Exceeded', headers);

/** Fields of draft-ietf-httpapi-ratelimit-headers as the PDS has them; `reset` in Unix seconds. */
export function limitLines(limit: number, left: number, reset: number, window: number): string {
  return (
    `ratelimit-limit: ${limit}\r\nratelimit-remaining: ${left}\r\n` +
    `ratelimit-reset: ${reset}\r\nratelimit-policy: ${limit};w=${window}\r\n`
  );
}

/** The answers that can be forced without looking at anything; what has no sense here is answered as the nearest one. */
export function forced(
  refusal: Exclude<SimulatedRefusal, 'status429App' | 'status429User'>,
  isOauth: boolean,
): SimulatedResponse {
  switch (refusal) {
    case 'status200Html':
      return page(200, '<html><body><h1>One moment, please</h1></body></html>\n');
    case 'status400InvalidGrant':
      return isOauth
        ? oauthError(400, 'invalid_grant', 'Invalid refresh token')
        : xrpcError(400, 'InvalidToken', 'Token could not be verified');
    case 'status401':
      return isOauth
        ? oauthError(401, 'invalid_client', 'Client authentication failed')
        : challenge('invalid_token', 'Token is invalid');
    case 'status403Locked':
      return deactivated();
    case 'status403Suspended':
      return takedown();
    case 'status402':
    case 'status403Forbidden':
    case 'status403NotPermitted':
      return scopeMissing('repo:app.bsky.feed.post?action=create');
    case 'status500':
      return isOauth ? oauthError(500, 'server_error', 'Internal Server Error') : failed();
    case 'status502':
      return page(502, '<html><body><h1>502 Bad Gateway</h1></body></html>\n');
    case 'status503':
      return xrpcError(503, 'NotEnoughResources', 'Server is at capacity');
  }
}
