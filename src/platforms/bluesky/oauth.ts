import type { AuthorizationServer, DPoPHandle, TokenEndpointResponse } from 'oauth4webapi';
import { LocatorRejected } from '../../domain/account-locator.ts';
import { type HttpClient, HttpRequestFailed } from '../../outbound/http-client.ts';
import {
  AppRefused,
  type Authorization,
  type AuthorizeInput,
  type ExchangeInput,
  type Grant,
  GrantRefused,
  OutOfOrder,
} from '../platform.ts';
import { tokenFailure } from '../refusal.ts';
import { grantedScope, scopesIn } from '../scope.ts';
import type { AuthServers } from './auth-servers.ts';
import { createProver, newDpopKey, toPublicJwk } from './dpop.ts';
import { summariseError } from './error-words.ts';
import type { Identities } from './identities.ts';
import type { Nonces } from './nonces.ts';
import { type OauthClient, SCOPE } from './oauth-client.ts';
import { openSession, type Session } from './session.ts';

type Library = typeof import('oauth4webapi');

interface Parts {
  http: HttpClient;
  identities: Identities;
  authServers: AuthServers;
  client: OauthClient;
  nonces: Nonces;
}

/** What is kept while a supporter is at their server. */
interface Kept extends Session {
  verifier: string;
}

/** Servers may have a new nonce at every answer (RFC 9449, 8): a request refused for that was not carried out. */
const MAX_TRIES = 6;

/** Only needed when a supporter authorizes or a token is renewed. */
const library = (): Promise<Library> => import('oauth4webapi');

/** Pushes the request to the account's authorization server (RFC 9126) and gives the address to go to. @throws LocatorRejected */
export async function authorize(parts: Parts, input: AuthorizeInput): Promise<Authorization> {
  const identity = await parts.identities.named(input.locator);
  const server = await parts.authServers.ofPds(identity.pds);
  const oauth = await library();
  const verifier = oauth.generateRandomCodeVerifier();
  const { did, pds, claimed } = identity;
  const client = parts.client.id();
  const key = newDpopKey();
  const fields = {
    response_type: 'code',
    redirect_uri: parts.client.redirect(input.redirectUri),
    state: input.state,
    scope: SCOPE,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    login_hint: claimed === '' ? did : claimed,
  };
  const auth = await parts.client.auth(client);
  const dpop = await dpopOf(parts, oauth, key);
  const push = async () => {
    const options = { DPoP: dpop, ...transport(parts, oauth) };
    const us = { client_id: client };
    const answer = await oauth.pushedAuthorizationRequest(server, us, auth, fields, options);
    return oauth.processPushedAuthorizationResponse(server, us, answer);
  };
  const pushed = await withNonce(oauth, push).catch((error: unknown) => {
    throw pushRefused(oauth, error);
  });
  const url = new URL(server.authorization_endpoint as string);
  url.searchParams.set('client_id', client);
  url.searchParams.set('request_uri', pushed.request_uri);
  const kept: Kept = { did, pds, issuer: server.issuer, client, key, verifier };
  return { url: url.href, flowSecret: JSON.stringify(kept) };
}

/** Servers of before granular permissions know neither the one asked for nor metadata in which it stands. */
const TOO_SMALL = new Set(['invalid_scope', 'invalid_client_metadata']);
const LATER = new Set(['server_error', 'temporarily_unavailable', 'slow_down']);

/** A pushed request that a server refuses is never made again with a wider permission. */
function pushRefused(oauth: Library, error: unknown): unknown {
  // A page, half an answer, or none.
  if (error instanceof HttpRequestFailed || error instanceof oauth.OperationProcessingError) {
    return new LocatorRejected('unreachable', error.code ?? error.name);
  }
  if (!(error instanceof oauth.ResponseBodyError)) return error;
  const { status, error: word } = error;
  if (status === 429 || LATER.has(word)) {
    return new LocatorRejected('unreachable', wordsOf(error));
  }
  return new LocatorRejected(
    TOO_SMALL.has(word) ? 'scope_unknown' : 'service_refused',
    wordsOf(error),
  );
}

/** @throws GrantRefused when the answer is not from the server asked, or its token is for another account. */
export async function exchange(parts: Parts, input: ExchangeInput): Promise<Grant> {
  const { verifier, ...session } = JSON.parse(input.flowSecret) as Kept;
  // Every answer names who it is from (atproto.com/specs/oauth), whatever the server says of itself: RFC 9207.
  if (input.answer.iss !== session.issuer)
    throw new GrantRefused('The answer is from another server');
  const server = await parts.authServers.ofIssuer(session.issuer);
  const oauth = await library();
  const us = { client_id: session.client };
  const auth = await parts.client.auth(session.client);
  const dpop = await dpopOf(parts, oauth, session.key);
  const answer = new URLSearchParams(input.answer);
  const redirectUri = parts.client.redirect(input.redirectUri);
  return granted(oauth, session, null, () =>
    withNonce(oauth, async () => {
      // The state led to `keep`, so it has been checked.
      const code = oauth.validateAuthResponse(server, us, answer, oauth.skipStateCheck);
      const options = { DPoP: dpop, ...transport(parts, oauth) };
      const response = await oauth.authorizationCodeGrantRequest(
        server,
        us,
        auth,
        code,
        redirectUri,
        verifier,
        options,
      );
      return oauth.processAuthorizationCodeResponse(server, us, response);
    }),
  );
}

/** A new pair for an old one, which works once: used again, it ends the whole session. Nothing is kept here. */
export async function refresh(parts: Parts, grant: Grant): Promise<Grant> {
  const session = openSession(grant);
  const { refreshToken } = grant;
  if (!session || refreshToken === null) throw new GrantRefused('There is no refresh token');
  const server = await parts.authServers.ofIssuer(session.issuer);
  const oauth = await library();
  const us = { client_id: session.client };
  const auth = await parts.client.auth(session.client);
  const dpop = await dpopOf(parts, oauth, session.key);
  return granted(oauth, session, grant, () =>
    withNonce(oauth, async () => {
      const options = { DPoP: dpop, ...transport(parts, oauth) };
      const response = await oauth.refreshTokenGrantRequest(
        server,
        us,
        auth,
        refreshToken,
        options,
      );
      return oauth.processRefreshTokenResponse(server, us, response);
    }),
  );
}

/**
 * RFC 7009. Either token ends the session. With a proof of the session's key, which the specification does not ask for: real
 * servers say yes to a request without one, and end nothing.
 */
export async function revoke(parts: Parts, grant: Grant): Promise<void> {
  const session = openSession(grant);
  if (!session) return;
  const server = await parts.authServers.ofIssuer(session.issuer);
  if (!server.revocation_endpoint) return;
  const oauth = await library();
  const us = { client_id: session.client };
  const auth = await parts.client.auth(session.client);
  const token = grant.refreshToken ?? grant.accessToken;
  const url = server.revocation_endpoint;
  const prove = createProver(session.key);
  await withNonce(oauth, async () => {
    const nonce = parts.nonces.of(nonceKey(url));
    const headers = { dpop: prove({ method: 'POST', url, nonce }, Date.now()) };
    const options = { headers, ...transport(parts, oauth) };
    const answer = await oauth.revocationRequest(server, us, auth, token, options);
    await oauth.processRevocationResponse(answer);
  });
}

/** The token answer as a grant. `before`: the one that it renews. */
async function granted(
  oauth: Library,
  session: Session,
  before: Grant | null,
  ask: () => Promise<TokenEndpointResponse>,
): Promise<Grant> {
  const askedAt = Date.now();
  const answer = await refusable(oauth, ask);
  // Anyone's own server could claim that this is another person's account.
  if (answer.sub !== session.did) throw new GrantRefused('The token is for another account');
  if (answer.token_type !== 'dpop') throw new GrantRefused('The token is bound to no key');
  const scope = grantedScope(answer.scope, before?.scope ?? SCOPE);
  const { did, pds, issuer, client, key } = session;
  return {
    accessToken: answer.access_token,
    refreshToken: answer.refresh_token ?? null,
    expiresAt:
      answer.expires_in === undefined ? null : new Date(askedAt + answer.expires_in * 1_000),
    scope,
    extra: { did, pds, issuer, client, key },
  };
}

/** `atproto` is of every session, and a permission to make posts: atproto.com/specs/permission, "Repo Record Writes". */
export function mayPost({ scope }: Grant): boolean {
  const given = scopesIn(scope);
  return given.includes('atproto') && given.some(makesPosts);
}

/** `repo:COLLECTION?action=…` or `repo?collection=…`; without an action it is for all of them. */
function makesPosts(scope: string): boolean {
  // What older servers call everything.
  if (scope === 'transition:generic') return true;
  const [, named, query = ''] = /^repo(?::([^?]*))?(?:\?(.*))?$/.exec(scope) ?? [];
  if (named === undefined && query === '') return false;
  const asked = new URLSearchParams(query);
  const collections = named === undefined ? asked.getAll('collection') : [decode(named)];
  const actions = asked.getAll('action');
  const isOfPosts = collections.some((one) => one === '*' || one === 'app.bsky.feed.post');
  return isOfPosts && (actions.length === 0 || actions.includes('create'));
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * What is wrong with the grant becomes GrantRefused. A refusal of ourselves (invalid_client, a server that cannot read our
 * metadata) is none of the grant: taken for one, a slip of the operator's would end every pledge.
 */
async function refusable<T>(oauth: Library, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof oauth.AuthorizationResponseError) {
      throw new GrantRefused('The supporter or the server said no');
    }
    // The answer in the browser came from another server than the one asked.
    if (error instanceof oauth.OperationProcessingError && error.message.includes('"iss"')) {
      throw new GrantRefused('The answer is from another server');
    }
    if (error instanceof oauth.ResponseBodyError) {
      // A request that is wrong in itself is our fault: see above.
      if (error.error === 'invalid_request') throw new AppRefused(wordsOf(error));
      const headers = Object.fromEntries(error.response.headers);
      throw tokenFailure('The server', { status: error.status, headers, error: error.error });
    }
    throw unreadable(oauth, error) ?? error;
  }
}

/** An answer that is none of the protocol's, such as a gateway's page; null for other errors. */
function unreadable(oauth: Library, error: unknown): Error | null {
  const isChallenge = error instanceof oauth.WWWAuthenticateChallengeError;
  if (!isChallenge && !(error instanceof oauth.OperationProcessingError)) return null;
  const words = 'The server answered nothing that can be read';
  const answer: unknown = isChallenge ? error.response : error.cause;
  if (!(answer instanceof Response)) return new OutOfOrder(words);
  const { status, headers } = answer;
  return tokenFailure('The server', {
    ...{ status, headers: Object.fromEntries(headers) },
    error: undefined,
  });
}

/** The prose of a server is not repeated. */
function wordsOf({ status, error }: { status: number; error: string }): string {
  return `The server answered ${summariseError(status, { error })}`;
}

async function withNonce<T>(oauth: Library, ask: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await ask();
    } catch (error) {
      if (tries >= MAX_TRIES || !oauth.isDPoPNonceError(error)) throw error;
    }
  }
}

/** Proofs with the session's key and the newest nonce that this server gave to anybody here. */
async function dpopOf({ nonces }: Parts, oauth: Library, key: string): Promise<DPoPHandle> {
  const usage = { name: 'ECDSA', namedCurve: 'P-256' };
  const [privateKey, publicKey] = await Promise.all([
    crypto.subtle.importKey('jwk', JSON.parse(key), usage, false, ['sign']),
    crypto.subtle.importKey('jwk', toPublicJwk(key), usage, true, ['verify']),
  ]);
  return oauth.DPoP(
    {},
    { privateKey, publicKey },
    {
      [oauth.modifyAssertion]: (_header, payload) => {
        const nonce = nonces.of(nonceKey(String(payload.htu)));
        if (nonce !== undefined) payload.nonce = nonce;
      },
    },
  );
}

function transport({ http, nonces }: Parts, oauth: Library) {
  return {
    [oauth.allowInsecureRequests]: true,
    [oauth.customFetch]: async (url: string, init: RequestInit): Promise<Response> => {
      const response = await http.fetch(url, init);
      nonces.learn(nonceKey(url), response.headers.get('dpop-nonce') ?? undefined);
      return response;
    },
  };
}

/** The nonces of an authorization server are not those of an account's server, which may be at the same address. */
function nonceKey(url: string): string {
  return `oauth ${new URL(url).origin}`;
}

export type { AuthorizationServer };
