import type { BlueskyConfig } from '../../../config/platforms.ts';
import type { Crash } from '../../crash.ts';
import { createHttpClient } from '../../outbound/http-client.ts';
import { createSenders, type Senders } from '../../outbound/senders.ts';
import { type Guard, isLoopback, ourOrigin } from '../../outbound/ssrf-guard.ts';
import type { ResponseObserver } from '../../outbound/wire/network-clock.ts';
import type { Account, Platform, PlatformNotes, PolicyFacts } from '../platform.ts';
import type { PlatformDeps } from '../platform-deps.ts';
import { createAuthServers } from './auth-servers.ts';
import { createIdentities } from './identities.ts';
import { createNonces } from './nonces.ts';
import { authorize, exchange, mayPost, refresh, revoke } from './oauth.ts';
import { createOauthClient, SCOPE } from './oauth-client.ts';
import { createPrepare } from './post.ts';
import { probeGrant, readAccount } from './probe.ts';
import { readPublicPost } from './public-post.ts';
import { reconcilePost } from './reconcile.ts';
import { whyDead } from './repo-status.ts';
import { openSession } from './session.ts';
import { blueskyTextRule } from './text-rule.ts';
import { createXrpc, type Xrpc } from './xrpc.ts';

/** To one server; 3000 requests in five minutes are all that it takes from one address, so more would only wait there. */
const MAX_CONNECTIONS = 64;

/** What Bluesky is made of. */
export interface BlueskyDeps {
  config: BlueskyConfig;
  /** host:port of servers of the operator's own; see `Guard`. */
  privateHosts: readonly string[];
  guard: Guard;
  notes: PlatformNotes;
  baseUrl: () => string;
  crash: Crash;
  heard?: ResponseObserver | undefined;
}

/** Always there: nothing has to be registered with anybody. */
export function connectBluesky(deps: PlatformDeps): Platform {
  const { bluesky, privateHosts } = deps.config.platforms;
  const notes = deps.notesOf('bluesky');
  return createBluesky({ ...deps, config: bluesky, privateHosts, notes });
}

const POLICY: PolicyFacts = {
  says: [
    'Automated bulk interactions that notify people who did not ask for it, such as mentions, replies and follows, are spam.',
    'Posts that people make to their own account through an app that they have authorized are not named there.',
    'An address may send 3000 requests in five minutes to one server; an account may make about 1666 posts in an hour.',
  ],
  source: 'https://docs.bsky.app/docs/support/developer-guidelines',
  asOf: '2026-04-21',
};

/** Bluesky, and every other server of the AT Protocol: each account is at a server of its own. */
export function createBluesky(deps: BlueskyDeps): Platform {
  const { config, privateHosts, guard, notes, baseUrl, crash, heard } = deps;
  const { timeoutMs, postUrl } = config;
  const http = createHttpClient({ timeoutMs, guard, onResponse: heard });
  const nonces = createNonces();
  const senders = createSenders({
    ...{ guard, timeoutMs, crash, onResponse: heard, connections: MAX_CONNECTIONS },
    probePath: '/xrpc/_health',
  });
  const xrpc = createXrpc(senders, nonces);
  const identities = createIdentities({ config, guard, http });
  const client = createOauthClient(notes, baseUrl);
  const authServers = createAuthServers(http, guard);
  const oauth = { http, identities, authServers, client, nonces };
  return {
    name: 'bluesky',
    label: 'Bluesky',
    scope: SCOPE,
    permission: 'posts',
    returns: 'revoked',
    textRule: blueskyTextRule,
    requires: 'handle',
    knownPlaces: ['bsky.social'],
    policy: POLICY,
    confirmsHandles: true,
    isSimulated: isLoopback(config.directoryUrl),
    authorizeOrigins: ['https:', ...privateHosts.map(ourOrigin)],
    connections: MAX_CONNECTIONS,
    timeoutMs,
    hostOf: (account, grant) => hostOf(account, openSession(grant)?.pds),
    authorize: (input) => authorize(oauth, input),
    exchange: (input) => exchange(oauth, input),
    mayPost,
    refresh: (grant) => refresh(oauth, grant),
    revoke: (grant) => revoke(oauth, grant),
    whoAmI: async (grant) => {
      const identity = await readAccount(xrpc, identities, grant);
      return { id: identity.did, ...(await identities.handleOf(identity)) };
    },
    probe: (grant) => probeGrant(xrpc, identities, grant),
    whyDead: (grant) => whyDead(http, identities, grant),
    prepare: createPrepare(xrpc, postUrl),
    // Its record key is taken.
    knowsAgain: () => true,
    reconcile: (order) => reconcilePost(http, postUrl, order),
    readPublicPost: (address) => readPublicPost({ http, identities }, address),
    documents: () => client.documents(),
    openConnections: (host, count) => warm(senders, xrpc, guard, host, count),
    dispose: () => {
      senders.dispose();
      http.dispose();
    },
  };
}

function hostOf({ id }: Account, pds: string | undefined): string {
  // A grant that cannot be read posts nowhere; it is counted under the account's own name.
  return pds === undefined ? id : new URL(pds).host;
}

/** Opens connections, and learns the nonce that the posts on them are to be signed with. */
async function warm(
  senders: Senders,
  xrpc: Xrpc,
  guard: Guard,
  host: string,
  count: number,
): Promise<number | null> {
  try {
    const origin = guard.origin(host);
    const took = await senders.openConnections(origin, count);
    await xrpc.learnNonce(origin);
    return took;
  } catch {
    return null;
  }
}
