import { forced, graphError, INVALID_TOKEN, json } from '../graph/answers.ts';
import { consentRoute, postPage } from '../graph/consent.ts';
import { fieldsOf, unversioned } from '../graph/fields.ts';
import { createTokens, type GraphCaller, type Tokens } from '../graph/tokens.ts';
import type { Route, SimulatedApp, SimulatedPlatform, World } from '../platform.ts';
import { createWindows } from '../x/limits.ts';
import { createContainers } from './containers.ts';
import {
  CONTAINER,
  containerRoute,
  containerStatusRoute,
  listRoute,
  publishRoute,
  RESTRICTED,
} from './posts.ts';
import { codeRoute, exchangeRoute, refreshRoute } from './token.ts';

const POSTING = 'threads_basic,threads_content_publish';
const PERMALINK = /^\/@\w+\/post\/(\d+)$/;
const OWN = {
  locked: RESTRICTED,
  user: { message: '(#17) User request limit reached', code: 17 },
};

/** Threads as far as a thunderclap meets it. Paths may have a version before them. */
export function simulateThreads(world: World, urlOf: () => string): SimulatedPlatform<GraphCaller> {
  const tokens = createTokens(world);
  const apps = new Map<string, SimulatedApp>();
  const windows = createWindows(world);
  const containers = createContainers(world);
  const parts = { world, tokens, apps, windows, containers };
  const authorize = consentRoute({ ...parts, label: 'Threads', suffix: '#_' });
  const status = containerStatusRoute(parts);
  const link = linkRoute(world);
  const list = listRoute(parts, urlOf);
  const routes = new Map<string, Route<GraphCaller>>([
    ['GET /oauth/authorize', authorize],
    ['POST /oauth/authorize', authorize],
    ['POST /oauth/access_token', codeRoute(parts)],
    ['GET /access_token', exchangeRoute(parts)],
    ['GET /refresh_access_token', refreshRoute(parts)],
    ['GET /me', meRoute(tokens)],
    ['GET /debug_token', debugRoute(tokens)],
    ['POST /USER/threads', containerRoute(parts)],
    ['POST /USER/threads_publish', publishRoute(parts)],
    ['GET /USER/threads', list],
  ]);
  return {
    route({ method, path }) {
      const plain = unversioned(path);
      const named = plain.replace(/^\/(me|\d+)(?=\/)/, '/USER');
      const fixed = routes.get(`${method} ${plain}`) ?? routes.get(`${method} ${named}`);
      if (fixed || method !== 'GET') return fixed;
      if (CONTAINER.test(plain)) return status;
      return PERMALINK.test(path) ? link : undefined;
    },
    refuse: (refusal) => forced(refusal, OWN, world.behaviour.forcedResetSeconds),
    registerApp: (app) => void apps.set(app.clientId, app),
    grant: (account, clientId, scope = POSTING) => {
      const nowMs = Date.now();
      const base = { account, clientId, scope, long: true, issuedMs: nowMs, endsMs: nowMs };
      const token = tokens.lengthened(base, nowMs);
      return {
        accessToken: tokens.issue(token),
        refreshToken: null,
        expiresAt: new Date(token.endsMs).toISOString(),
      };
    },
    revokeGrants: (account) => tokens.end(account),
    expireAccessTokens: (account) => tokens.end(account),
    reset() {
      tokens.clear();
      windows.clear();
      containers.clear();
      apps.clear();
    },
  };
}

/** GET /me?fields=id,username. */
function meRoute(tokens: Tokens): Route<GraphCaller> {
  return {
    path: 'me',
    identify: (request) => tokens.caller(request),
    run: (_request, { token }) =>
      token
        ? json(200, { id: token.account.id, username: token.account.handle })
        : graphError(INVALID_TOKEN),
  };
}

/** What a token is good for, for a request with a token of the same app: developers.facebook.com/docs/threads/reference/debug. */
function debugRoute(tokens: Tokens): Route<GraphCaller> {
  return {
    path: 'me',
    identify: (request) => tokens.caller(request),
    run(request, { token }) {
      if (!token) return graphError(INVALID_TOKEN);
      const asked = fieldsOf(request).get('input_token') ?? '';
      const about = tokens.find(asked, request.atUs / 1_000);
      if (about?.clientId !== token.clientId) return json(200, { data: { is_valid: false } });
      const { account, scope, endsMs } = about;
      return json(200, {
        data: {
          type: 'USER',
          is_valid: true,
          user_id: account.id,
          expires_at: Math.floor(endsMs / 1_000),
          scopes: scope.split(/[ ,]/),
        },
      });
    },
  };
}

/** A post's own page. */
function linkRoute(world: World): Route<GraphCaller> {
  return {
    path: 'status',
    identify: () => ({}),
    run: ({ path }) => {
      const id = PERMALINK.exec(path)?.[1];
      const posts = world.accounts.all().flatMap((account) => account.posts);
      return postPage(
        'Threads',
        posts.find((post) => post.id === id),
      );
    },
  };
}
