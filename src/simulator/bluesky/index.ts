import { createHash, generateKeyPairSync } from 'node:crypto';
import type { SimulatedAccount } from '../accounts.ts';
import type { SimulatedRefusal } from '../behaviour.ts';
import type {
  GivenGrant,
  Incoming,
  Route,
  SimulatedPlatform,
  SimulatedResponse,
  World,
} from '../platform.ts';
import { forced, limited, limitLines } from './answers.ts';
import { authorizeRoute } from './authorize.ts';
import { createClients } from './clients.ts';
import {
  authorizationServer,
  DOCUMENT,
  documentRoute,
  metadataRoute,
  protectedResource,
  resolveRoute,
} from './directory.ts';
import { createProofs } from './dpop.ts';
import { type BlueskyCaller, createGrants, type Grants } from './grants.ts';
import { createLimits } from './limits.ts';
import { createPostRecords } from './records.ts';
import { parRoute, revokeRoute, tokenRoute } from './token.ts';
import {
  createRoute,
  healthRoute,
  POST_PAGE,
  postPageRoute,
  recordRoute,
  repoStatusRoute,
  sessionRoute,
} from './xrpc.ts';

/** What posting takes. */
const POSTING = 'atproto repo:app.bsky.feed.post?action=create';

/** A directory of accounts, their one server, and its authorization server, all at one address. */
export function simulateBluesky(
  world: World,
  urlOf: () => string,
): SimulatedPlatform<BlueskyCaller> {
  const grants = createGrants(world);
  const clients = createClients(urlOf);
  const proofs = createProofs(world, urlOf);
  const limits = createLimits(world);
  const records = createPostRecords(world);
  const parts = { world, grants, clients, proofs, limits, records, urlOf };
  const authorize = authorizeRoute(parts);
  const document = documentRoute(parts);
  const postPage = postPageRoute(parts);
  const routes = new Map<string, Route<BlueskyCaller>>([
    ['POST /xrpc/com.atproto.repo.createRecord', createRoute(parts)],
    ['GET /xrpc/com.atproto.repo.getRecord', recordRoute(parts)],
    ['GET /xrpc/com.atproto.server.getSession', sessionRoute(parts)],
    ['GET /xrpc/com.atproto.sync.getRepoStatus', repoStatusRoute(parts)],
    ['GET /xrpc/com.atproto.identity.resolveHandle', resolveRoute(parts)],
    ['GET /xrpc/_health', healthRoute],
    ['GET /.well-known/oauth-protected-resource', metadataRoute(() => protectedResource(parts))],
    [
      'GET /.well-known/oauth-authorization-server',
      metadataRoute(() => authorizationServer(parts)),
    ],
    ['POST /oauth/par', parRoute(parts)],
    ['POST /oauth/token', tokenRoute(parts)],
    ['POST /oauth/revoke', revokeRoute(parts)],
    ['GET /oauth/authorize', authorize],
    ['POST /oauth/authorize', authorize],
  ]);
  return {
    route({ method, path }) {
      const fixed = routes.get(`${method} ${path}`);
      if (fixed || method !== 'GET') return fixed;
      if (DOCUMENT.test(path)) return document;
      return POST_PAGE.test(path) ? postPage : undefined;
    },
    refuse: (refusal, request) => refuseWith(world, refusal, request),
    registerApp: clients.register,
    grant: (account, clientId, scope = POSTING) =>
      give(grants, urlOf(), account, { clientId, scope }),
    revokeGrants: grants.revokeAll,
    expireAccessTokens: grants.expireAccess,
    reset() {
      for (const part of [grants, clients, proofs, limits, records]) part.clear();
    },
  };
}

/** A grant with a key of its own, in the words in which the client keeps it. */
function give(
  grants: Grants,
  url: string,
  account: SimulatedAccount,
  { clientId, scope }: { clientId: string; scope: string },
): GivenGrant {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { kty, crv, x, y, d } = privateKey.export({ format: 'jwk' });
  const thumbprint = JSON.stringify({ crv, kty, x, y });
  const key = createHash('sha256').update(thumbprint).digest('base64url');
  const nowMs = Date.now();
  const pair = grants.open(account, { clientId, scope, key }, nowMs);
  return {
    accessToken: pair.access_token,
    refreshToken: pair.refresh_token,
    expiresAt: new Date(nowMs + pair.expires_in * 1_000).toISOString(),
    extra: {
      ...{ did: account.id, pds: url, issuer: url, client: clientId },
      key: JSON.stringify({ kty, crv, x, y, d }),
    },
  };
}

/** One account's limit is by the hour, an address's by five minutes: the policy header tells. */
function refuseWith(
  { behaviour }: World,
  refusal: SimulatedRefusal,
  request: Incoming,
): SimulatedResponse {
  if (refusal !== 'status429User' && refusal !== 'status429App') {
    return forced(refusal, request.path.startsWith('/oauth/'));
  }
  const { xrpcPerAddress, recordsPerAccountHour } = behaviour.limits;
  const { limit, windowSeconds } =
    refusal === 'status429App' ? xrpcPerAddress : recordsPerAccountHour;
  const reset = Math.ceil(request.atUs / 1e6 + behaviour.forcedResetSeconds);
  return limited(limitLines(limit, 0, reset, windowSeconds));
}
