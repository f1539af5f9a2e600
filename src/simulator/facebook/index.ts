import { forced } from '../graph/answers.ts';
import { consentRoute, postPage } from '../graph/consent.ts';
import { unversioned } from '../graph/fields.ts';
import { createTokens, type GraphCaller, type Token } from '../graph/tokens.ts';
import type { Route, SimulatedApp, SimulatedPlatform, World } from '../platform.ts';
import { createWindows } from '../x/limits.ts';
import { createPages, type Pages } from './pages.ts';
import {
  businessesRoute,
  NODE,
  PORTFOLIO_EDGE,
  pageRoute,
  portfolioPagesRoute,
} from './portfolios.ts';
import {
  accountsRoute,
  BLOCKED,
  FEED,
  feedRoute,
  meRoute,
  PAGE_LIMIT,
  permissionsRoute,
  postRoute,
} from './routes.ts';
import { debugRoute, tokenRoute } from './token.ts';

const POSTING = 'pages_show_list,pages_manage_posts,pages_read_engagement';
const POST_PAGE = /^\/(\d+_\d+)$/;
/** GivenGrant wants an end, and a page's token has none. */
const NEVER = '9999-12-31T00:00:00.000Z';

/** Facebook's Graph API as far as a thunderclap on pages meets it. Paths may have any version before them. */
export function simulateFacebook(
  world: World,
  urlOf: () => string,
): SimulatedPlatform<GraphCaller> {
  const tokens = createTokens(world);
  const apps = new Map<string, SimulatedApp>();
  const windows = createWindows(world);
  const pages = createPages(world);
  const parts = { world, tokens, apps, windows, pages };
  const authorize = consentRoute({ ...parts, label: 'Facebook', suffix: '#_=_' });
  const token = tokenRoute(parts);
  const status = statusRoute(pages);
  const routes = new Map<string, Route<GraphCaller>>([
    ['GET /dialog/oauth', authorize],
    ['POST /dialog/oauth', authorize],
    ['GET /oauth/access_token', token],
    ['POST /oauth/access_token', token],
    ['GET /debug_token', debugRoute(parts)],
    ['GET /me', meRoute(parts)],
    ['GET /me/accounts', accountsRoute(parts)],
    ['GET /me/businesses', businessesRoute(parts)],
    ['GET /PORTFOLIO/pages', portfolioPagesRoute(parts)],
    ['GET /PAGE', pageRoute(parts)],
    ['GET /me/permissions', permissionsRoute(parts, 'GET')],
    ['DELETE /me/permissions', permissionsRoute(parts, 'DELETE')],
    ['POST /PAGE/feed', postRoute(parts)],
    ['GET /PAGE/feed', feedRoute(parts, urlOf)],
  ]);
  return {
    route({ method, path }) {
      const plain = unversioned(path);
      if (FEED.test(plain)) return routes.get(`${method} /PAGE/feed`);
      if (PORTFOLIO_EDGE.test(plain)) return routes.get(`${method} /PORTFOLIO/pages`);
      if (NODE.test(plain)) return routes.get(`${method} /PAGE`);
      const fixed = routes.get(`${method} ${plain}`);
      return fixed ?? (method === 'GET' && POST_PAGE.test(path) ? status : undefined);
    },
    refuse: (refusal) =>
      forced(refusal, { locked: BLOCKED, user: PAGE_LIMIT }, world.behaviour.forcedResetSeconds),
    registerApp: (app) => void apps.set(app.clientId, app),
    grant: (account, clientId, scope = POSTING) => {
      const page = pages.of(account)[0]?.id;
      const nowMs = Date.now();
      const given: Token = {
        ...{ account, clientId, scope, long: true, issuedMs: nowMs },
        ...(page !== undefined && { page }),
        endsMs: Number.POSITIVE_INFINITY,
      };
      return { accessToken: tokens.issue(given), refreshToken: null, expiresAt: NEVER };
    },
    revokeGrants: (account) => tokens.end(account),
    expireAccessTokens: (account) => tokens.end(account),
    reset() {
      tokens.clear();
      windows.clear();
      pages.clear();
      apps.clear();
    },
  };
}

/** A post's own page. */
function statusRoute(pages: Pages): Route<GraphCaller> {
  return {
    path: 'status',
    identify: () => ({}),
    run: ({ path }) => postPage('Facebook', pages.findPost(POST_PAGE.exec(path)?.[1] ?? '')),
  };
}
