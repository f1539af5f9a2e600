import type { LinkedinConfig } from '../../../config/platforms.ts';
import type { HttpClient, HttpResponse } from '../../outbound/http-client.ts';
import {
  type Account,
  AppRefused,
  type AuthorizeInput,
  type ExchangeInput,
  type Grant,
  OutOfOrder,
} from '../platform.ts';
import { identityFailure, tokenFailure } from '../refusal.ts';
import { grantedScope, hasScopes, scopesIn } from '../scope.ts';
import { isAppProblem, parseJson, readErrorBody, summariseError } from './error-body.ts';

/** Reading who the member is, and posting for them: "Sign In with LinkedIn using OpenID Connect" and "Share on LinkedIn". */
export const SCOPE = 'openid profile w_member_social';
/** What a post takes. */
const NEEDED = ['openid', 'w_member_social'];

export function authorizeUrl(config: LinkedinConfig, input: AuthorizeInput): string {
  const url = new URL(config.authorizeUrl);
  url.searchParams.set('response_type', 'code');
  url.searchParams.set('client_id', config.clientId);
  url.searchParams.set('redirect_uri', input.redirectUri);
  url.searchParams.set('state', input.state);
  url.searchParams.set('scope', SCOPE);
  return url.toString();
}

/**
 * Code for token: learn.microsoft.com/en-us/linkedin/shared/authentication/authorization-code-flow. Without a refresh token:
 * those are for approved partners. @throws GrantRefused for the code.
 */
export async function exchangeCode(
  config: LinkedinConfig,
  http: HttpClient,
  { answer, redirectUri }: ExchangeInput,
): Promise<Grant> {
  const askedAt = Date.now();
  const response = await http.request({
    method: 'POST',
    url: config.tokenUrl,
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code: answer.code ?? '',
      redirect_uri: redirectUri,
      client_id: config.clientId,
      client_secret: config.clientSecret?.reveal() ?? '',
    }).toString(),
  });
  const fields = fieldsOf(response);
  if (response.status !== 200) throw tokenFailure('LinkedIn', { ...response, error: fields.error });
  return grantFrom(fields, askedAt);
}

function grantFrom(fields: Record<string, unknown>, askedAt: number): Grant {
  const { access_token: token, expires_in: life, scope } = fields;
  if (typeof token !== 'string' || token === '') {
    throw new OutOfOrder('The token answer had no token in it');
  }
  const ends = typeof life === 'number' && life > 0 ? new Date(askedAt + life * 1000) : null;
  return {
    accessToken: token,
    refreshToken: null,
    expiresAt: ends,
    // With commas as a rule, though the standard has blanks.
    scope: scopesIn(grantedScope(scope, SCOPE)).join(' '),
  };
}

/** Members may be given, and apps may have, less than was asked for. */
export function mayPost({ scope }: Grant): boolean {
  return hasScopes(scope, NEEDED);
}

/** GET /v2/userinfo, OpenID Connect Core 5.3. `sub` is the member for this app; members have no handle, so their name is it. */
export async function whoAmI(
  config: LinkedinConfig,
  http: HttpClient,
  grant: Grant,
): Promise<Account> {
  const response = await http.request({
    method: 'GET',
    url: `${config.apiUrl}/v2/userinfo`,
    headers: { authorization: `Bearer ${grant.accessToken}`, accept: 'application/json' },
  });
  if (response.status !== 200) throw refusalOf(response);
  const fields = fieldsOf(response);
  const id = readSub(fields);
  if (id === null) throw new OutOfOrder('LinkedIn answered and named no member');
  const { name } = fields;
  return { id, handle: typeof name === 'string' && name.trim() !== '' ? name.trim() : id };
}

function refusalOf(response: HttpResponse): Error {
  const body = readErrorBody(parseJson(response.body));
  const words = `LinkedIn answered ${summariseError(response.status, body)}`;
  if (isAppProblem(response.status, body)) return new AppRefused(words);
  return identityFailure(words, response);
}

/** The member of a userinfo answer; null when there is none that can be part of a URN. */
export function readSub(data: unknown): string | null {
  const sub = (data as { sub?: unknown } | null | undefined)?.sub;
  return typeof sub === 'string' && /^[\w-]{1,64}$/.test(sub) ? sub : null;
}

/** A token that is unknown, and an address that is not there: nothing is left to be revoked, or no server to do it. */
const NOTHING_TO_DO = new Set([400, 404]);

/**
 * POST /oauth/v2/revoke, beside the token endpoint. LinkedIn's documentation does not have it, and many programs use it; where
 * it does nothing, the token ends by itself, or by the member's hand: see docs/platforms/linkedin.md.
 */
export async function revokeToken(
  config: LinkedinConfig,
  http: HttpClient,
  grant: Grant,
): Promise<void> {
  const { status } = await http.request({
    method: 'POST',
    url: new URL('revoke', config.tokenUrl).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      token: grant.accessToken,
      client_id: config.clientId,
      client_secret: config.clientSecret?.reveal() ?? '',
    }).toString(),
  });
  if (status >= 300 && !NOTHING_TO_DO.has(status)) {
    throw new Error(`LinkedIn answered ${status} to revoking`);
  }
}

function fieldsOf({ body }: HttpResponse): Record<string, unknown> {
  const data = parseJson(body);
  return typeof data === 'object' && data !== null ? (data as Record<string, unknown>) : {};
}
