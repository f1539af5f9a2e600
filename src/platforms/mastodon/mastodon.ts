import type { PlatformConfigs } from '../../../config/platforms.ts';
import { createHttpClient } from '../../outbound/http-client.ts';
import { createSenders } from '../../outbound/senders.ts';
import { isLoopback, ourOrigin } from '../../outbound/ssrf-guard.ts';
import { GrantRefused, type Platform, type PolicyFacts } from '../platform.ts';
import type { PlatformDeps } from '../platform-deps.ts';
import { createApps } from './app.ts';
import { readGrantServer } from './grant.ts';
import { KNOWN_SERVERS } from './known-servers.ts';
import { readsAsMarkup } from './markup.ts';
import { authorize, exchange, mayPost, type OauthDeps, revoke, whoAmI } from './oauth.ts';
import { createPrepare } from './post.ts';
import { probeGrant } from './probe.ts';
import { readPublicPost } from './public-post.ts';
import { reconcilePost } from './reconcile.ts';
import { discover, type MastodonServer } from './server.ts';
import { knowsAgain, MAX_PATIENCE_MS } from './software.ts';
import { whyDead } from './standing.ts';
import { mastodonTextRule } from './text-rule.ts';

/** Every server is run by others, and is often a small one. Each post is a request; 64 at a time are a few hundred a second. */
const MAX_CONNECTIONS = 64;
/** Forty posts of the longest kind, each with its author. */
const MAX_BYTES = 2 * 1024 * 1024;
/** How long a server is taken for what it said it was. */
const SERVER_LIFE_MS = 10 * 60_000;
const MAX_SERVERS = 1_000;

const POLICY: PolicyFacts = {
  says: [
    'Every server has rules of its own, which it publishes; there are none that hold for all of them.',
    'The rules of a server bind the people who have an account on it, and its moderators may limit or suspend accounts.',
    'An app may post for a person who has granted it that, within the limits of that server.',
  ],
  source: 'https://docs.joinmastodon.org/methods/instance/',
  asOf: '2026-07-02',
};

/** Always there: apps are registered at each server when its first supporter comes. */
export function connectMastodon(deps: PlatformDeps): Platform {
  return createMastodon(deps.config.platforms, {
    ...deps,
    notes: deps.notesOf('mastodon'),
    callbackPart: (origin) => deps.callbackPart('mastodon', origin),
  });
}

type MastodonConfigs = Pick<PlatformConfigs, 'mastodon' | 'privateHosts'>;
type MastodonDeps = Pick<PlatformDeps, 'crash' | 'guard' | 'baseUrl' | 'onResponse' | 'now'> & {
  notes: ReturnType<PlatformDeps['notesOf']>;
  /** See `PlatformDeps`, of the server's origin. */
  callbackPart: (origin: string) => string;
};

/** Mastodon and servers that speak its API. Supporters name the server, so that whatever it says is checked. */
export function createMastodon(config: MastodonConfigs, deps: MastodonDeps): Platform {
  const { guard, crash, onResponse: heard, notes, baseUrl, callbackPart, now = Date.now } = deps;
  const { timeoutMs } = config.mastodon;
  const isSimulated = isSimulation(config.privateHosts);
  const http = createHttpClient({ timeoutMs, guard, onResponse: heard, maxBytes: MAX_BYTES });
  const senders = createSenders({
    ...{ guard, crash, onResponse: heard, timeoutMs, connections: MAX_CONNECTIONS },
    // What every such server has and needs no look-up of anybody.
    probePath: '/.well-known/nodeinfo',
  });
  const oauth: OauthDeps = {
    http,
    guard,
    callbackPart,
    apps: createApps({ http, notes, baseUrl }),
    serverAt: rememberServers((origin) => discover(http, origin)),
    onlyOurs: isSimulated,
  };
  return {
    name: 'mastodon',
    label: 'Mastodon',
    scope: 'write:statuses profile',
    permission: 'posts',
    returns: 'shared',
    textRule: mastodonTextRule,
    requires: 'server',
    knownPlaces: KNOWN_SERVERS,
    policy: POLICY,
    isSimulated,
    authorizeOrigins: [...(isSimulated ? [] : ['https:']), ...config.privateHosts.map(ourOrigin)],
    connections: MAX_CONNECTIONS,
    // Of the slowest server that it is patient with.
    timeoutMs: timeoutMs + MAX_PATIENCE_MS,
    // One account gets the same token for every campaign.
    sharesGrants: true,
    postsPerSecond: config.mastodon.postsPerSecond,
    hostOf: (_account, grant) => new URL(readGrantServer(grant).origin).host,
    authorize: (input) => authorize(oauth, input),
    exchange: (input) => exchange(oauth, input),
    mayPost,
    refresh: async () => {
      throw new GrantRefused('There is nothing to refresh');
    },
    revoke: (grant) => revoke(oauth, grant),
    whoAmI: (grant) => whoAmI(oauth, grant),
    probe: (grant, accountId = null) => probeGrant(http, grant, accountId),
    whyDead: (grant, accountId = null) => whyDead(http, grant, accountId),
    prepare: createPrepare(senders, timeoutMs, config.mastodon.quotes),
    showsOtherwise: (grant, text) => readsAsMarkup(readGrantServer(grant).software, text),
    knowsAgain: (grant, ageMs) => knowsAgain(readGrantServer(grant).software, ageMs),
    reconcile: (order, since) => reconcilePost(http, order, since, now),
    // A simulation has no other servers.
    readPublicPost: async (address) =>
      isSimulated && !guard.isOurs(address.host) ? null : readPublicPost({ http, guard }, address),
    openConnections: (host, count) => senders.openConnections(originOf(guard, host), count),
    dispose: () => {
      senders.dispose();
      http.dispose();
    },
  };
}

/** With no hosts but those of this machine, nothing leaves it: supporters can then name no other. */
function isSimulation(privateHosts: readonly string[]): boolean {
  return privateHosts.length > 0 && privateHosts.every((host) => isLoopback(ourOrigin(host)));
}

function originOf(guard: PlatformDeps['guard'], host: string): string {
  return guard.isOurs(host) ? guard.origin(host) : `https://${host}`;
}

type Discover = (origin: string) => Promise<MastodonServer>;

/** Many supporters come from few servers. What could not be learnt is asked anew. */
function rememberServers(ask: Discover): Discover {
  const known = new Map<string, { server: Promise<MastodonServer>; at: number }>();
  return (origin) => {
    const found = known.get(origin);
    if (found && performance.now() - found.at < SERVER_LIFE_MS) return found.server;
    const server = ask(origin);
    const entry = { server, at: performance.now() };
    known.delete(origin);
    known.set(origin, entry);
    server.catch(() => known.get(origin) === entry && known.delete(origin));
    const [oldest] = known.keys();
    if (known.size > MAX_SERVERS && oldest !== undefined) known.delete(oldest);
    return server;
  };
}
