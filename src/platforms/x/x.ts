import { ApiResponseError } from 'twitter-api-v2';
import type { XConfig } from '../../../config/platforms.ts';
import type { Crash } from '../../crash.ts';
import { isLoopback } from '../../outbound/ssrf-guard.ts';
import type { ResponseObserver } from '../../outbound/wire/network-clock.ts';
import { createSender } from '../../outbound/wire/sender.ts';
import { basePath } from '../bearer.ts';
import {
  type Account,
  AccountUnfit,
  AppRefused,
  type Grant,
  GrantRefused,
  OutOfOrder,
  type Platform,
  type PolicyFacts,
} from '../platform.ts';
import type { PlatformDeps } from '../platform-deps.ts';
import { identityFailure, tokenFailure } from '../refusal.ts';
import { grantedScope, hasScopes } from '../scope.ts';
import { barredBy } from './classify.ts';
import { createXClients, isAboutParameter, parseBody, type XClients } from './client.ts';
import { type ErrorBody, isAppProblem, readErrorBody, summariseError } from './error-body.ts';
import { createPrepare } from './post.ts';
import { probeGrant } from './probe.ts';
import { reconcilePost } from './reconcile.ts';
import { xTextRule } from './text-rule.ts';
import { startWarmUp } from './warm-up.ts';

/** What posting needs, and a refresh token; docs.x.com, authorization-code flow and POST /2/tweets. */
const NEEDED = ['tweet.read', 'tweet.write', 'users.read', 'offline.access'];
const SCOPE = NEEDED.join(' ');

/** The widest that a burst of one process may get. */
const MAX_CONNECTIONS = 2_048;

/** Null without the keys of an app. */
export function connectX({ config, crash, onResponse: heard }: PlatformDeps): Platform | null {
  return config.platforms.x.clientId === '' ? null : createX(config.platforms.x, crash, heard);
}

const POLICY: PolicyFacts = {
  says: [
    'Identical or substantially similar posts must not be made across several accounts.',
    'An app may post for a person only with their express consent, and must show them beforehand exactly what it will publish.',
    'People are responsible for what the apps do that they authorize; X may suspend their accounts, and the app.',
    'Political views, religion, health and union membership of its users must not be derived or stored.',
    'Every post is paid for by the operator, and one with a link in it costs many times as much.',
  ],
  source: 'https://docs.x.com/developer-terms/policy',
  asOf: '2026-08-22',
};

/** X through its API v2. Its address is configuration, so that the simulator can stand in. */
export function createX(config: XConfig, crash: Crash, heard?: ResponseObserver): Platform {
  const clients = createXClients(config);
  const base = basePath(config.apiUrl);
  const { host } = new URL(config.apiUrl);
  const sender = createSender({
    origin: new URL(config.apiUrl).origin,
    probePath: `${base}/`,
    timeoutMs: config.timeoutMs,
    connections: MAX_CONNECTIONS,
    crash,
    onResponse: heard,
  });
  return {
    name: 'x',
    label: 'X',
    scope: SCOPE,
    permission: 'reads',
    returns: 'revoked',
    textRule: xTextRule,
    requires: 'nothing',
    policy: POLICY,
    isSimulated: isLoopback(config.apiUrl),
    authorizeOrigins: [new URL(config.authorizeUrl).origin],
    connections: MAX_CONNECTIONS,
    timeoutMs: config.timeoutMs,
    hostOf: () => host,
    authorize: async ({ redirectUri, state }) => {
      const link = clients.app().generateOAuth2AuthLink(redirectUri, { scope: SCOPE, state });
      const url = new URL(config.authorizeUrl);
      url.search = new URL(link.url).search;
      // The library writes it in lower case; the documentation has S256.
      url.searchParams.set('code_challenge_method', 'S256');
      return { url: url.toString(), flowSecret: link.codeVerifier };
    },
    exchange: ({ answer, flowSecret: keep, redirectUri }) =>
      grantFrom(SCOPE, () =>
        clients.app().loginWithOAuth2({ code: answer.code ?? '', codeVerifier: keep, redirectUri }),
      ),
    mayPost: ({ scope }) => hasScopes(scope, NEEDED),
    refresh: (grant) => refresh(clients, grant),
    revoke: (grant) => revoke(clients, grant),
    whoAmI: (grant) => whoAmI(clients, grant),
    probe: (grant) => probeGrant(sender, base, grant),
    prepare: createPrepare(sender, config),
    // X refuses it as a duplicate, which it does not promise: REPOST_UNDECIDED is the operator's choice.
    knowsAgain: () => true,
    reconcile: (order, since) => reconcilePost(clients, config, order, since),
    startWarmUp: () => startWarmUp(config),
    openConnections: (_host, count) => sender.openConnections(count),
    dispose: () => {
      sender.dispose();
      clients.dispose();
    },
  };
}

interface TokenAnswer {
  accessToken: string;
  refreshToken?: string;
  expiresIn: number;
  scope: string[];
}

/**
 * Refusals of the token endpoint become what they are about, see {@link tokenFailure}. A refusal of the app's own keys is no refusal
 * of the grant: taken for one, a wrong secret would end every pledge of the instance. `asked`: the scope that it is where none is
 * told.
 */
async function grantFrom(asked: string, ask: () => Promise<TokenAnswer>): Promise<Grant> {
  const askedAt = Date.now();
  const answer = await refusable(ask, ({ code, headers, data }) => {
    const { error } = (parseBody(data) ?? {}) as { error?: unknown };
    return tokenFailure('X', { status: code, headers, error });
  });
  if (typeof answer.accessToken !== 'string' || answer.accessToken === '') {
    throw new OutOfOrder('The token answer had no token in it');
  }
  return {
    accessToken: answer.accessToken,
    refreshToken: answer.refreshToken ?? null,
    expiresAt: Number.isFinite(answer.expiresIn)
      ? new Date(askedAt + answer.expiresIn * 1000)
      : null,
    scope: grantedScope(answer.scope.join(' '), asked),
  };
}

async function refusable<T>(
  ask: () => Promise<T>,
  meaning: (error: ApiResponseError) => Error,
): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    // The library reads what it expects of any answer of 200.
    if (error instanceof TypeError) throw new OutOfOrder('X answered nothing that can be read');
    throw error instanceof ApiResponseError ? meaning(error) : error;
  }
}

async function refresh(clients: XClients, grant: Grant): Promise<Grant> {
  const { refreshToken } = grant;
  if (refreshToken === null) throw new GrantRefused('There is no refresh token');
  return grantFrom(grant.scope, () => clients.app().refreshOAuth2Token(refreshToken));
}

/** Both tokens, since it is not documented that revoking one revokes the other. */
async function revoke(clients: XClients, grant: Grant): Promise<void> {
  const app = clients.app();
  if (grant.refreshToken !== null) await app.revokeOAuth2Token(grant.refreshToken, 'refresh_token');
  await app.revokeOAuth2Token(grant.accessToken, 'access_token');
}

async function whoAmI(clients: XClients, grant: Grant): Promise<Account> {
  const { v2 } = clients.user(grant.accessToken);
  const me = await refusable(
    () =>
      v2.me({ 'user.fields': ['public_metrics'] }).catch((error: unknown) => {
        // How many follow is a figure that can be done without.
        if (isAboutParameter(error, ['user.fields'])) return v2.me();
        throw error;
      }),
    ({ code, headers, data }) => refusalOfAccount(code, headers, readErrorBody(parseBody(data))),
  );
  if (typeof me.data?.id !== 'string') throw new OutOfOrder('X answered and named no account');
  const followers = me.data.public_metrics?.followers_count;
  return {
    id: me.data.id,
    handle: me.data.username,
    ...(typeof followers === 'number' && { followers }),
  };
}

function refusalOfAccount(
  status: number,
  headers: ApiResponseError['headers'],
  body: ErrorBody,
): Error {
  const words = `X answered ${summariseError(status, body)}`;
  if (isAppProblem(status, body)) return new AppRefused(words);
  const reason = barredBy(status, body);
  return reason ? new AccountUnfit(reason, null) : identityFailure(words, { status, headers });
}
