import type { SimulatedRefusal } from '../behaviour.ts';
import type {
  Route,
  SimulatedApp,
  SimulatedPlatform,
  SimulatedResponse,
  World,
} from '../platform.ts';
import { forced, tooManyRequests } from './answers.ts';
import { authorizeRoute } from './authorize.ts';
import { createGrants, type XCaller } from './grants.ts';
import { createWindows, headerLines } from './limits.ts';
import { createSnowflakes } from './snowflake.ts';
import { STATUS, statusRoute } from './status.ts';
import { revokeRoute, tokenRoute } from './token.ts';
import { tweetRoute } from './tweets.ts';
import { meRoute, TIMELINE, timelineRoute } from './users.ts';

/** What posting takes, and a refresh token. */
const POSTING = 'tweet.read tweet.write users.read offline.access';

/** X as far as a thunderclap meets it: the consent page, tokens, who am I, posting, reading back. */
export function simulateX(world: World): SimulatedPlatform<XCaller> {
  const grants = createGrants(world);
  const apps = new Map<string, SimulatedApp>();
  const windows = createWindows(world);
  const parts = { world, grants, apps, windows, snowflakes: createSnowflakes() };
  const authorize = authorizeRoute(parts);
  const timeline = timelineRoute(parts);
  const status = statusRoute(world);
  const routes = new Map<string, Route<XCaller>>([
    ['POST /2/tweets', tweetRoute(parts)],
    ['GET /2/users/me', meRoute(parts)],
    ['POST /2/oauth2/token', tokenRoute(parts)],
    ['POST /2/oauth2/revoke', revokeRoute(parts)],
    ['GET /i/oauth2/authorize', authorize],
    ['POST /i/oauth2/authorize', authorize],
  ]);

  return {
    route({ method, path }) {
      const fixed = routes.get(`${method} ${path}`);
      if (fixed) return fixed;
      if (method !== 'GET') return undefined;
      if (TIMELINE.test(path)) return timeline;
      return STATUS.test(path) ? status : undefined;
    },
    refuse: (refusal, request) => refuseWith(world, refusal, request.atUs / 1_000),
    registerApp: (app) => void apps.set(app.clientId, app),
    grant: (account, clientId, scope = POSTING) => {
      const nowMs = Date.now();
      const pair = grants.open(account, { clientId, scope }, nowMs);
      return {
        accessToken: pair.access_token,
        refreshToken: pair.refresh_token ?? null,
        expiresAt: new Date(nowMs + pair.expires_in * 1_000).toISOString(),
      };
    },
    revokeGrants: grants.revokeAll,
    expireAccessTokens: grants.expireAccess,
    reset() {
      grants.clear();
      windows.clear();
      apps.clear();
    },
  };
}

/** A refusal that no window caused still carries headers that say when to come back. */
function refuseWith(world: World, refusal: SimulatedRefusal, nowMs: number): SimulatedResponse {
  if (refusal !== 'status429User' && refusal !== 'status429App') return forced(refusal);
  const { tweetsPerUser, tweetsPerAppDay } = world.behaviour.limits;
  const reset = String(Math.ceil(nowMs / 1_000 + world.behaviour.forcedResetSeconds));
  const forApp = refusal === 'status429App';
  const left = forApp ? tweetsPerUser.limit - 1 : 0;
  const user = headerLines('x-rate-limit', tweetsPerUser.limit, left, reset);
  const app = headerLines('x-app-limit-24hour', tweetsPerAppDay.limit, 0, reset);
  return tooManyRequests(forApp ? user + app : user);
}
