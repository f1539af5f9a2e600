import type { Route, SimulatedApp, SimulatedPlatform, World } from '../platform.ts';
import { createWindows } from '../x/limits.ts';
import { forced } from './answers.ts';
import { authorizeRoute, page } from './authorize.ts';
import { createGrants, type LinkedinCaller } from './grants.ts';
import { postPage } from './pages.ts';
import { postRoute, userinfoRoute } from './posts.ts';
import { revokeRoute, tokenRoute } from './token.ts';

/** What posting takes. */
const POSTING = 'openid profile w_member_social';
const UPDATE = /^\/feed\/update\/(urn:li:share:\d+)\/?$/;

/** LinkedIn as far as a thunderclap meets it: the consent page, tokens, who am I, posting, and a post's own page. */
export function simulateLinkedin(world: World): SimulatedPlatform<LinkedinCaller> {
  const grants = createGrants(world);
  const apps = new Map<string, SimulatedApp>();
  const windows = createWindows(world);
  const parts = { world, grants, apps, windows };
  const authorize = authorizeRoute(parts);
  const update = updateRoute(world);
  const routes = new Map<string, Route<LinkedinCaller>>([
    ['POST /rest/posts', postRoute(parts)],
    ['GET /v2/userinfo', userinfoRoute(parts)],
    ['POST /oauth/v2/accessToken', tokenRoute(parts)],
    ['POST /oauth/v2/revoke', revokeRoute(parts)],
    ['GET /oauth/v2/authorization', authorize],
    ['POST /oauth/v2/authorization', authorize],
  ]);
  return {
    route({ method, path }) {
      const isUpdate = method === 'GET' && UPDATE.test(path);
      return routes.get(`${method} ${path}`) ?? (isUpdate ? update : undefined);
    },
    refuse: (refusal) => forced(refusal),
    registerApp: (app) => void apps.set(app.clientId, app),
    grant: (account, clientId, scope = POSTING) => {
      const nowMs = Date.now();
      const { token, lifeSeconds } = grants.open(account, clientId, scope.split(' '), nowMs);
      const expiresAt = new Date(nowMs + lifeSeconds * 1_000).toISOString();
      return { accessToken: token, refreshToken: null, expiresAt };
    },
    revokeGrants: grants.end,
    expireAccessTokens: grants.end,
    reset() {
      grants.clear();
      windows.clear();
      apps.clear();
    },
  };
}

/** GET /feed/update/URN. */
function updateRoute(world: World): Route<LinkedinCaller> {
  return {
    path: 'status',
    identify: () => ({}),
    run({ path }) {
      const urn = UPDATE.exec(path)?.[1];
      const all = world.accounts.all().flatMap(({ posts }) => posts);
      const post = all.find(({ id }) => id === urn);
      return page(post ? 200 : 404, postPage(post));
    },
  };
}
