import { createHash, randomBytes } from 'node:crypto';
import { LocatorRejected } from '../../domain/account-locator.ts';
import type { HttpClient } from '../../outbound/http-client.ts';
import type { Guard } from '../../outbound/ssrf-guard.ts';
import {
  type Account,
  AccountUnfit,
  type Authorization,
  type AuthorizeInput,
  type ExchangeInput,
  type Grant,
  GrantRefused,
  OutOfOrder,
  TooLittleGranted,
} from '../platform.ts';
import { identityFailure, tokenFailure } from '../refusal.ts';
import { grantedScope, scopesIn } from '../scope.ts';
import { type Apps, formTo, isInvalidClient } from './app.ts';
import { barredBy } from './barred.ts';
import { wantsReconnect } from './classify.ts';
import { accountId, type GrantServer, readGrantServer, toBearer } from './grant.ts';
import { statusFor } from './markdown.ts';
import { readsAsMarkup } from './markup.ts';
import { misskeyMeaning } from './misskey.ts';
import { findOtherName } from './other-name.ts';
import { countAt, type Fields, idIn, ownUrl, readObject, textAt } from './reading.ts';
import { type MastodonServer, READ_SCOPE } from './server.ts';
import { readStanding, VERIFY_PATH } from './standing.ts';
import { measureForMastodon, measureStrictly, measureWarningForMastodon } from './text-rule.ts';

export interface OauthDeps {
  http: HttpClient;
  guard: Guard;
  apps: Apps;
  /** The end of the address to come back to from this server. */
  callbackPart: (origin: string) => string;
  /** @throws LocatorRejected */
  serverAt: (origin: string) => Promise<MastodonServer>;
  /** Only the operator's own hosts may be named. */
  onlyOurs: boolean;
}

/** What is kept from authorizing to the exchange. */
interface Kept extends GrantServer {
  scope: string;
  tokenUrl: string;
  /** '' where the server does not take PKCE. */
  verifier: string;
  /** The server's own address to come back to. */
  redirectUri: string;
}

/** docs.joinmastodon.org/methods/oauth. @throws LocatorRejected */
export async function authorize(deps: OauthDeps, input: AuthorizeInput): Promise<Authorization> {
  const origin = deps.guard.origin(input.locator);
  if (deps.onlyOurs && !deps.guard.isOurs(new URL(origin).host)) {
    throw new LocatorRejected('not_found', 'a simulation has no other servers');
  }
  const server = await deps
    .serverAt(origin)
    .catch((error: unknown) => elsewhere(deps, origin, input.user ?? '', error));
  if (!fits(server, input)) throw new LocatorRejected('text_too_long', 'max_characters');
  if (readsAsMarkup(server.software, input.text)) {
    throw new LocatorRejected('reads_markup', 'it would not stand there word for word');
  }
  // One for each server: a server that sends its visitor on to another one gets no code of that one (RFC 9700, 4.4.2.2).
  const redirectUri = `${input.redirectUri}/${deps.callbackPart(origin)}`;
  const app = await deps.apps.find(server, redirectUri);
  const scope = askedScope(app.scope, server);
  const verifier = server.takesPkce ? randomBytes(32).toString('base64url') : '';
  const url = new URL(server.authorizeUrl);
  const query: Record<string, string> = {
    response_type: 'code',
    client_id: app.clientId,
    redirect_uri: redirectUri,
    scope,
    state: input.state,
    ...(verifier !== '' && { code_challenge: challenge(verifier), code_challenge_method: 'S256' }),
  };
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const { software, tokenUrl, revokeUrl } = server;
  const kept: Kept = {
    origin,
    software,
    tokenUrl,
    revokeUrl,
    ...app,
    scope,
    verifier,
    redirectUri,
  };
  const keep = JSON.stringify(kept);
  const more = server.asksToRead ? { permission: 'reads' as const } : {};
  return { url: url.href, flowSecret: keep, redirectUri, scope, ...more };
}

/** @throws LocatorRejected `other_name`, where people are known by a domain that is not the server's; else what it was given. */
async function elsewhere(
  deps: OauthDeps,
  origin: string,
  user: string,
  error: unknown,
): Promise<never> {
  // A domain's own site may refuse what it does not know, and point to its server all the same.
  const isNone =
    error instanceof LocatorRejected && ['not_one', 'challenged'].includes(error.problem);
  const name = isNone ? await findOtherName(deps, origin, user) : null;
  if (name !== null) throw new LocatorRejected('other_name', 'it is at another name', name);
  throw error;
}

/** Of what an app was registered for, no more than the server now wants. */
function askedScope(registered: string, { asksToRead }: MastodonServer): string {
  const scopes = registered.split(' ').filter((scope) => asksToRead || scope !== READ_SCOPE);
  return scopes.join(' ');
}

/** By Mastodon's own count where it is one; how others count differs, so that there it is the strictest, of what is sent. */
function fits(
  { software, mostCharacters, reservedPerUrl }: MastodonServer,
  { text, contentWarning = '' }: Pick<AuthorizeInput, 'text' | 'contentWarning'>,
): boolean {
  const length =
    software === 'mastodon'
      ? measureForMastodon(text, reservedPerUrl) + measureWarningForMastodon(contentWarning)
      : measureStrictly(statusFor(software, text)) + measureStrictly(contentWarning);
  return length <= mostCharacters;
}

function challenge(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url');
}

/** @throws GrantRefused; any other error is the network's, or that of an app which the server has lost. */
export async function exchange(deps: OauthDeps, input: ExchangeInput): Promise<Grant> {
  const kept = JSON.parse(input.flowSecret) as Kept;
  refuseOtherIssuer(kept.origin, input.answer.iss);
  const { clientId, clientSecret, verifier, redirectUri } = kept;
  if (input.redirectUri !== redirectUri) throw new GrantRefused('The answer is for another server');
  const form = {
    grant_type: 'authorization_code',
    code: input.answer.code ?? '',
    client_id: clientId,
    client_secret: clientSecret,
    redirect_uri: redirectUri,
    ...(verifier !== '' && { code_verifier: verifier }),
  };
  const response = await deps.http.request(formTo(kept.tokenUrl, form));
  const { status, body } = response;
  if (isInvalidClient(status, body)) {
    await deps.apps.forget(kept.origin, redirectUri, clientId);
    // The next sign-in there registers the app anew.
    throw new OutOfOrder('The server does not know our app any more');
  }
  const answer = readObject(body);
  const error = textAt(answer, 'error');
  if (status === 400 && REFUSED.has(error)) {
    throw new GrantRefused(`The server answered ${status} ${error}`);
  }
  if (status !== 200 || !answer) throw tokenFailure('The server', { ...response, error });
  return grantFrom(kept, answer);
}

const REFUSED = new Set(['invalid_grant', 'invalid_request', 'invalid_scope', 'access_denied']);

/** RFC 9207: an answer that names who it is from must name whom we asked. */
function refuseOtherIssuer(origin: string, issuer: string | undefined): void {
  if (issuer === undefined) return;
  if (URL.canParse(issuer) && new URL(issuer).origin === origin) return;
  throw new GrantRefused('The answer is from another server');
}

/** Tokens have no end, and nothing to refresh them with: docs.joinmastodon.org/spec/oauth. `created_at` is not looked at. */
function grantFrom(kept: Kept, answer: Fields): Grant {
  const accessToken = textAt(answer, 'access_token');
  const scope = grantedScope(answer.scope, kept.scope);
  // Some name the account in the token answer.
  const me = textAt(answer, 'me');
  if (me !== '' && ownUrl(me, kept.origin) === null) {
    throw new GrantRefused('The token is for an account of another server');
  }
  const { origin, software, clientId, clientSecret, revokeUrl } = kept;
  const extra = { origin, software, clientId, clientSecret, revokeUrl };
  const grant: Grant = { accessToken, refreshToken: null, expiresAt: null, scope, extra };
  if (toBearer(grant) === null) throw new OutOfOrder('The token answer had no token in it');
  return grant;
}

/** docs.joinmastodon.org/api/oauth-scopes: `write` is all that begins so. */
export function mayPost({ scope }: Grant): boolean {
  return scopesIn(scope).some((one) => one === 'write' || one === 'write:statuses');
}

/** What Misskey's kin say of an account with 401, too. */
const UNFIT: ReadonlySet<string> = new Set(['account_suspended', 'account_moved']);

/** What a server can have a user by: letters, digits, and some signs. */
const USER = /^[\p{L}\p{N}_](?:[\p{L}\p{N}_.-]{0,98}[\p{L}\p{N}_])?$/u;

/** docs.joinmastodon.org/methods/accounts, verify_credentials. @throws GrantRefused; AccountUnfit; TooLittleGranted */
export async function whoAmI({ http }: OauthDeps, grant: Grant): Promise<Account> {
  const { origin, software } = readGrantServer(grant);
  const authorization = toBearer(grant);
  if (authorization === null) throw new GrantRefused('The token is not readable');
  const response = await http.request({
    method: 'GET',
    url: `${origin}${VERIFY_PATH}`,
    headers: { authorization, accept: 'application/json' },
  });
  const { status } = response;
  const answer = readObject(response.body);
  const isBarred = status === 403 || UNFIT.has(misskeyMeaning(answer) ?? '');
  if (isBarred && answer && !wantsReconnect({ kind: 'answer', ...response })) {
    // Whose account it is has not been told, so that no more can be learnt of it.
    throw new AccountUnfit(barredBy(answer, software), null);
  }
  if (status === 403 && answer) throw new TooLittleGranted(`The server answered ${status}`);
  if (status !== 200 || !answer) throw identityFailure(`The server answered ${status}`, response);
  const standing = readStanding(answer);
  const account = accountFrom(origin, answer);
  if (standing) throw new AccountUnfit(standing, account);
  return account;
}

function accountFrom(origin: string, answer: Fields): Account {
  const id = idIn(answer);
  const [user = '', host] = (textAt(answer, 'acct') || textAt(answer, 'username')).split('@');
  if (id === null || !USER.test(user)) throw new GrantRefused('The account is not readable');
  const { protocol } = new URL(origin);
  const claims = [textAt(answer, 'url'), textAt(answer, 'uri'), host ? `${protocol}//${host}` : ''];
  // A server speaks for its own accounts alone.
  if (claims.some((claim) => claim !== '' && ownUrl(claim, origin) === null)) {
    throw new GrantRefused('The account is of another server');
  }
  const followers = countAt(answer, 'followers_count');
  return {
    id: accountId(origin, id),
    handle: `${user}@${new URL(origin).host}`,
    ...(followers !== null && { followers }),
  };
}

/**
 * Gives a token back, as the app that got it. One that is gone already, or that the server says is not ours, needs no more.
 * A server may give the same token to every campaign of an account: docs/platforms/mastodon.md.
 */
export async function revoke({ http }: OauthDeps, grant: Grant): Promise<void> {
  const { clientId, clientSecret, revokeUrl } = readGrantServer(grant);
  const form = { client_id: clientId, client_secret: clientSecret, token: grant.accessToken };
  const { status } = await http.request(formTo(revokeUrl, form));
  // 401: the app is gone, and its tokens with it. 404, 405, 410: there is no such thing, or no such server any more.
  if (status >= 200 && status < 300) return;
  if ([400, 401, 403, 404, 405, 410].includes(status)) return;
  throw new Error(`Revoking was answered with ${status}`);
}
