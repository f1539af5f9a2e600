import type { PlatformConfigs } from '../../../config/platforms.ts';
import { createAsker } from '../ask.ts';
import { isLoopback, ourOrigin } from '../guard.ts';
import type { PlatformParts } from '../parts.ts';
import { GrantRefused, type Platform, type PolicyFacts } from '../platform.ts';
import { createSenders } from '../senders.ts';
import { createApps } from './app.ts';
import { placeOf } from './grant.ts';
import { KNOWN_SERVERS } from './known-servers.ts';
import { readsAsMarkup } from './markup.ts';
import { authorize, exchange, mayPost, type OauthParts, revoke, whoAmI } from './oauth.ts';
import { createPrepare } from './post.ts';
import { probeGrant } from './probe.ts';
import { readPublicPost } from './public-post.ts';
import { reconcilePost } from './reconcile.ts';
import { discover, type Server } from './server.ts';
import { knowsAgain, MAX_PATIENCE_MS } from './software.ts';
import { whyDead } from './standing.ts';
import { mastodonTextRule } from './text-rule.ts';

/** Every server is somebody else's, and often a small one. Each post is a request; 64 at a time are a few hundred a second. */
const MOST_CONNECTIONS = 64;
/** Forty posts of the longest kind, each with its author. */
const MOST_BYTES = 2 * 1024 * 1024;
/** How long a server is taken for what it said it was. */
const SERVER_LIFE_MS = 10 * 60_000;
const MOST_SERVERS = 1_000;

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
export function connectMastodon(parts: PlatformParts): Platform {
  return createMastodon(parts.config.platforms, {
    ...parts,
    notes: parts.notesOf('mastodon'),
    callbackPart: (origin) => parts.callbackPart('mastodon', origin),
  });
}

type MastodonConfigs = Pick<PlatformConfigs, 'mastodon' | 'privateHosts'>;
type MastodonParts = Pick<PlatformParts, 'crash' | 'guard' | 'baseUrl' | 'heard' | 'now'> & {
  notes: ReturnType<PlatformParts['notesOf']>;
  /** See `PlatformParts`, of the server's origin. */
  callbackPart: (origin: string) => string;
};

/** Mastodon and servers that speak its API. Supporters name the server, so that whatever it says is checked. */
export function createMastodon(config: MastodonConfigs, parts: MastodonParts): Platform {
  const { guard, crash, heard, notes, baseUrl, callbackPart, now = Date.now } = parts;
  const { timeoutMs } = config.mastodon;
  const isSimulated = isSimulation(config.privateHosts);
  const asker = createAsker({ timeoutMs, guard, heard, mostBytes: MOST_BYTES });
  const senders = createSenders({
    ...{ guard, crash, heard, timeoutMs, connections: MOST_CONNECTIONS },
    // What every such server has and needs no look-up of anybody.
    warmPath: '/.well-known/nodeinfo',
  });
  const oauth: OauthParts = {
    asker,
    guard,
    callbackPart,
    apps: createApps({ asker, notes, baseUrl }),
    serverAt: rememberServers((origin) => discover(asker, origin)),
    onlyOurs: isSimulated,
  };
  return {
    name: 'mastodon',
    label: 'Mastodon',
    scope: 'write:statuses profile',
    permission: 'posts',
    returns: 'shared',
    textRule: mastodonTextRule,
    asks: 'server',
    knownPlaces: KNOWN_SERVERS,
    policy: POLICY,
    isSimulated,
    authorizeOrigins: [...(isSimulated ? [] : ['https:']), ...config.privateHosts.map(ourOrigin)],
    connections: MOST_CONNECTIONS,
    // Of the slowest server that it is patient with.
    timeoutMs: timeoutMs + MAX_PATIENCE_MS,
    // One account gets the same token for every campaign.
    sharesGrants: true,
    postsPerSecond: config.mastodon.postsPerSecond,
    hostOf: (_account, grant) => new URL(placeOf(grant).origin).host,
    authorize: (input) => authorize(oauth, input),
    exchange: (input) => exchange(oauth, input),
    mayPost,
    refresh: async () => {
      throw new GrantRefused('There is nothing to refresh');
    },
    revoke: (grant) => revoke(oauth, grant),
    whoAmI: (grant) => whoAmI(oauth, grant),
    probe: (grant, accountId = null) => probeGrant(asker, grant, accountId),
    whyDead: (grant, accountId = null) => whyDead(asker, grant, accountId),
    prepare: createPrepare(senders, timeoutMs, config.mastodon.quotes),
    showsOtherwise: (grant, text) => readsAsMarkup(placeOf(grant).software, text),
    knowsAgain: (grant, ageMs) => knowsAgain(placeOf(grant).software, ageMs),
    reconcile: (order, since) => reconcilePost(asker, order, since, now),
    // A simulation has no other servers.
    readPublicPost: async (address) =>
      isSimulated && !guard.isOurs(address.host) ? null : readPublicPost({ asker, guard }, address),
    warm: (host, count) => senders.warm(originOf(guard, host), count),
    dispose: () => {
      senders.dispose();
      asker.dispose();
    },
  };
}

/** With no hosts but those of this machine, nothing leaves it: supporters can then name no other. */
function isSimulation(privateHosts: readonly string[]): boolean {
  return privateHosts.length > 0 && privateHosts.every((host) => isLoopback(ourOrigin(host)));
}

function originOf(guard: PlatformParts['guard'], host: string): string {
  return guard.isOurs(host) ? guard.origin(host) : `https://${host}`;
}

type Discover = (origin: string) => Promise<Server>;

/** Many supporters come from few servers. What could not be learnt is asked anew. */
function rememberServers(ask: Discover): Discover {
  const known = new Map<string, { server: Promise<Server>; at: number }>();
  return (origin) => {
    const found = known.get(origin);
    if (found && performance.now() - found.at < SERVER_LIFE_MS) return found.server;
    const server = ask(origin);
    const entry = { server, at: performance.now() };
    known.delete(origin);
    known.set(origin, entry);
    server.catch(() => known.get(origin) === entry && known.delete(origin));
    const [oldest] = known.keys();
    if (known.size > MOST_SERVERS && oldest !== undefined) known.delete(oldest);
    return server;
  };
}
