import type { BlueskyConfig } from '../../../config/platforms.ts';
import type { Crash } from '../../crash.ts';
import { createAsker } from '../ask.ts';
import { type Guard, isLoopback, ourOrigin } from '../guard.ts';
import type { Heard } from '../network-clock.ts';
import type { PlatformParts } from '../parts.ts';
import type { Account, Platform, PlatformNotes, PolicyFacts } from '../platform.ts';
import { createSenders, type Senders } from '../senders.ts';
import { createAuthServers } from './auth-servers.ts';
import { createIdentities } from './identities.ts';
import { createNonces } from './nonces.ts';
import { authorize, exchange, mayPost, refresh, revoke } from './oauth.ts';
import { createOauthClient, SCOPE } from './oauth-client.ts';
import { createPrepare } from './post.ts';
import { accountOf, probeGrant } from './probe.ts';
import { readPublicPost } from './public-post.ts';
import { reconcilePost } from './reconcile.ts';
import { whyDead } from './repo-status.ts';
import { sessionOf } from './session.ts';
import { blueskyTextRule } from './text-rule.ts';
import { createXrpc, type Xrpc } from './xrpc.ts';

/** To one server; 3000 requests in five minutes are all that it takes from one address, so more would only wait there. */
const MOST_CONNECTIONS = 64;

/** What Bluesky is made of. */
export interface BlueskyParts {
  config: BlueskyConfig;
  /** host:port of servers of the operator's own; see `Guard`. */
  privateHosts: readonly string[];
  guard: Guard;
  notes: PlatformNotes;
  baseUrl: () => string;
  crash: Crash;
  heard?: Heard | undefined;
}

/** Always there: nothing has to be registered with anybody. */
export function connectBluesky(parts: PlatformParts): Platform {
  const { bluesky, privateHosts } = parts.config.platforms;
  const notes = parts.notesOf('bluesky');
  return createBluesky({ ...parts, config: bluesky, privateHosts, notes });
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
export function createBluesky(parts: BlueskyParts): Platform {
  const { config, privateHosts, guard, notes, baseUrl, crash, heard } = parts;
  const { timeoutMs, postUrl } = config;
  const asker = createAsker({ timeoutMs, guard, heard });
  const nonces = createNonces();
  const senders = createSenders({
    ...{ guard, timeoutMs, crash, heard, connections: MOST_CONNECTIONS },
    warmPath: '/xrpc/_health',
  });
  const xrpc = createXrpc(senders, nonces);
  const identities = createIdentities({ config, guard, asker });
  const client = createOauthClient(notes, baseUrl);
  const authServers = createAuthServers(asker, guard);
  const oauth = { asker, identities, authServers, client, nonces };
  return {
    name: 'bluesky',
    label: 'Bluesky',
    scope: SCOPE,
    permission: 'posts',
    returns: 'revoked',
    textRule: blueskyTextRule,
    asks: 'handle',
    knownPlaces: ['bsky.social'],
    policy: POLICY,
    confirmsHandles: true,
    isSimulated: isLoopback(config.directoryUrl),
    authorizeOrigins: ['https:', ...privateHosts.map(ourOrigin)],
    connections: MOST_CONNECTIONS,
    timeoutMs,
    hostOf: (account, grant) => hostOf(account, sessionOf(grant)?.pds),
    authorize: (input) => authorize(oauth, input),
    exchange: (input) => exchange(oauth, input),
    mayPost,
    refresh: (grant) => refresh(oauth, grant),
    revoke: (grant) => revoke(oauth, grant),
    whoAmI: async (grant) => {
      const identity = await accountOf(xrpc, identities, grant);
      return { id: identity.did, ...(await identities.handleOf(identity)) };
    },
    probe: (grant) => probeGrant(xrpc, identities, grant),
    whyDead: (grant) => whyDead(asker, identities, grant),
    prepare: createPrepare(xrpc, postUrl),
    // Its record key is taken.
    knowsAgain: () => true,
    reconcile: (order) => reconcilePost(asker, postUrl, order),
    readPublicPost: (address) => readPublicPost({ asker, identities }, address),
    documents: () => client.documents(),
    warm: (host, count) => warm(senders, xrpc, guard, host, count),
    dispose: () => {
      senders.dispose();
      asker.dispose();
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
    const took = await senders.warm(origin, count);
    await xrpc.learnNonce(origin);
    return took;
  } catch {
    return null;
  }
}
