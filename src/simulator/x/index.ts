import type { Refusal } from '../behaviour.ts';
import type { Answer, App, Incoming, Platform, Step, World } from '../platform.ts';
import { forced, tooManyRequests } from './answers.ts';
import { authorizeStep } from './authorize.ts';
import { createGrants } from './grants.ts';
import { createWindows, spentHeaders } from './limits.ts';
import { createSnowflakes } from './snowflake.ts';
import { revokeStep, tokenStep } from './token.ts';
import { tweetStep } from './tweets.ts';
import { meStep, timelineStep } from './users.ts';

const TIMELINE = /^\/2\/users\/(\d+)\/tweets$/;

/** X as far as a thunderclap meets it: the consent page, tokens, who am I, posting, reading back. */
export function createX(world: World): Platform {
  const grants = createGrants(world);
  const apps = new Map<string, App>();
  const windows = createWindows(world);
  const parts = { world, grants, apps, windows, snowflakes: createSnowflakes() };

  function begin(request: Incoming): Step | undefined {
    const refuse = (refusal: Refusal) => refuseWith(world, refusal, request.atUs / 1_000);
    switch (`${request.method} ${request.path}`) {
      case 'POST /2/tweets':
        return tweetStep(parts, request, refuse);
      case 'GET /2/users/me':
        return meStep(parts, request, refuse);
      case 'POST /2/oauth2/token':
        return tokenStep(parts, request, refuse);
      case 'POST /2/oauth2/revoke':
        return revokeStep(parts, request, refuse);
      case 'GET /i/oauth2/authorize':
      case 'POST /i/oauth2/authorize':
        return authorizeStep(parts, request, refuse);
    }
    const id = request.method === 'GET' ? TIMELINE.exec(request.path)?.[1] : undefined;
    return id ? timelineStep(parts, request, id, refuse) : undefined;
  }

  return {
    begin,
    registerApp: (app) => void apps.set(app.clientId, app),
    revokeGrants: grants.revokeAll,
    expireAccessTokens: grants.expireAccess,
    reset() {
      grants.clear();
      windows.clear();
      apps.clear();
    },
  };
}

function refuseWith(world: World, refusal: Refusal, nowMs: number): Answer {
  const { limits, forcedResetSeconds } = world.behaviour;
  const spent = (prefix: string, limit: number) =>
    spentHeaders(prefix, limit, forcedResetSeconds, nowMs);
  if (refusal === 'status429User') {
    return tooManyRequests(spent('x-rate-limit', limits.tweetsPerUser.limit));
  }
  if (refusal !== 'status429App') return forced(refusal);
  const { limit } = limits.tweetsPerUser;
  const reset = String(Math.ceil(nowMs / 1_000 + forcedResetSeconds));
  return tooManyRequests([
    ...spent('x-app-limit-24hour', limits.tweetsPerAppDay.limit),
    ...['x-rate-limit-limit', String(limit)],
    ...['x-rate-limit-remaining', String(limit - 1), 'x-rate-limit-reset', reset],
  ]);
}
