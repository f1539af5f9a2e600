import type { Route, SimulatedPlatform, World } from '../platform.ts';
import { createWindows } from '../x/limits.ts';
import { accountRoute, meRoute, ONE_ACCOUNT, TIMELINE, timelineRoute } from './accounts.ts';
import { authorizeRoute } from './authorize.ts';
import { DISCOVERY, discoveryRoute } from './discovery.ts';
import { elsewhereRoute } from './elsewhere.ts';
import { forced } from './forced.ts';
import { createGrants, type MastodonCaller } from './grants.ts';
import type { MastodonDeps } from './parts.ts';
import { ONE_STATUS, oneStatusRoute, STATUS, statusesRoute, statusRoute } from './statuses.ts';
import { appsRoute, revokeRoute, tokenRoute, verifyAppRoute } from './token.ts';

/** What posting takes. */
const POSTING = 'write:statuses profile';
/** Tokens have no end; the control API wants one. */
const NEVER = '9999-12-31T23:59:59.000Z';
/** An app that was not registered with one has no secret of its own. */
const ANY_SECRET = 'any';

/** One Mastodon server: discovery, apps, the consent page, tokens, who am I, posting, reading back. */
export function simulateMastodon(
  world: World,
  urlOf: () => string,
): SimulatedPlatform<MastodonCaller> {
  const grants = createGrants(world);
  const windows = createWindows(world);
  const deps: MastodonDeps = { world, grants, windows, keys: new Map(), facts: new WeakMap() };
  const authorize = authorizeRoute(deps);
  const discovery = discoveryRoute(deps);
  const timeline = timelineRoute(deps);
  const status = statusRoute(deps);
  const oneStatus = oneStatusRoute(deps);
  const oneAccount = accountRoute(deps);
  const elsewhere = elsewhereRoute(deps);
  const routes = new Map<string, Route<MastodonCaller>>([
    ['POST /api/v1/statuses', statusesRoute(deps)],
    ['GET /api/v1/accounts/verify_credentials', meRoute(deps)],
    ['POST /api/v1/apps', appsRoute(deps)],
    ['GET /api/v1/apps/verify_credentials', verifyAppRoute(deps)],
    ['POST /oauth/token', tokenRoute(deps)],
    ['POST /oauth/revoke', revokeRoute(deps)],
    ['GET /oauth/authorize', authorize],
    ['POST /oauth/authorize', authorize],
    ...DISCOVERY.map((path): [string, Route<MastodonCaller>] => [`GET ${path}`, discovery]),
  ]);

  return {
    route({ method, path }) {
      if (world.behaviour.mastodon.elsewhere !== null) return elsewhere;
      const fixed = routes.get(`${method} ${path.length > 1 ? path.replace(/\/$/, '') : path}`);
      if (fixed) return fixed;
      if (method !== 'GET') return undefined;
      if (TIMELINE.test(path)) return timeline;
      if (ONE_STATUS.test(path)) return oneStatus;
      if (ONE_ACCOUNT.test(path)) return oneAccount;
      return STATUS.test(path) ? status : undefined;
    },
    refuse: (refusal, request) => forced(refusal, world, request.atUs / 1_000),
    registerApp: grants.admit,
    grant: (account, clientId, scope = POSTING) => {
      if (!grants.app(clientId)) grants.admit({ clientId });
      const { value } = grants.issue(account, clientId, scope, Date.now());
      const origin = urlOf();
      return {
        ...{ accessToken: value, refreshToken: null, expiresAt: NEVER },
        extra: { origin, software: 'mastodon', clientId, clientSecret: ANY_SECRET },
        as: { id: `${origin} ${account.id}`, handle: `${account.handle}@${new URL(origin).host}` },
      };
    },
    revokeGrants: grants.endAll,
    expireAccessTokens: grants.endAll,
    reset() {
      grants.clear();
      windows.clear();
      deps.keys.clear();
    },
  };
}
