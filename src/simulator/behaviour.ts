import { type BlueskyBehaviour, defaultBluesky } from './bluesky/behaviour.ts';
import type { SimulatedChallenge } from './challenges.ts';
import { defaultFacebook, type FacebookBehaviour } from './facebook/behaviour.ts';
import { defaultMastodon, type MastodonBehaviour } from './mastodon/behaviour.ts';
import { defaultNostr, type NostrBehaviour } from './nostr/behaviour.ts';
import { defaultX, type XBehaviour } from './x/behaviour.ts';

/**
 * The paths of a platform's API that faults and latency apply to, in words that hold for all of them. `posts`: the request
 * that makes a post public; `stage`: what comes before it where there are two; `discovery`: what a server tells of itself.
 */
export const API_PATHS = [
  'posts',
  'token',
  'revoke',
  'me',
  'timeline',
  'stage',
  'apps',
  'discovery',
] as const;
export type ApiPath = (typeof API_PATHS)[number];

/** How a request can be made to end. The first group is never carried out, the second always is. */
export const REFUSALS = [
  'status200Html',
  'status400InvalidGrant',
  'status401',
  'status402',
  'status403Forbidden',
  'status403Locked',
  'status403NotPermitted',
  'status403Suspended',
  'status429App',
  'status429User',
  'status500',
  'status502',
  'status503',
] as const;
export const NOT_CARRIED_OUT = [...REFUSALS, 'hangBefore', 'resetBefore'] as const;
export const CARRIED_OUT = [
  'garbled201',
  'hangAfterAccept',
  'resetAfterAccept',
  'status200HtmlAfterAccept',
  'status500AfterAccept',
  'status502AfterAccept',
  'status503AfterAccept',
  'truncated201',
] as const;
export const FAULTS = [...NOT_CARRIED_OUT, ...CARRIED_OUT] as const;

export type SimulatedRefusal = (typeof REFUSALS)[number];
export type Fault = (typeof FAULTS)[number];

export interface Latency {
  kind: 'none' | 'fixed' | 'lognormal';
  medianMs: number;
  sigma: number;
}

export interface Limit {
  limit: number;
  windowSeconds: number;
}

/** Defaults: docs.x.com/x-api/fundamentals/rate-limits. The user's day is the most that 100 per 15 minutes allow. */
export const DEFAULT_LIMITS = {
  tweetsPerUser: { limit: 100, windowSeconds: 900 },
  tweetsPerUserDay: { limit: 9_600, windowSeconds: 86_400 },
  tweetsPerAppDay: { limit: 10_000, windowSeconds: 86_400 },
  mePerUser: { limit: 75, windowSeconds: 900 },
  timelinePerUser: { limit: 900, windowSeconds: 900 },
  timelinePerApp: { limit: 10_000, windowSeconds: 900 },
  // LinkedIn publishes no numbers; 150 a day and member is Ayrshare's, and nobody's the other.
  sharesPerMemberDay: { limit: 150, windowSeconds: 86_400 },
  sharesPerAppDay: { limit: 100_000, windowSeconds: 86_400 },
  // Of one author at a Nostr relay: each has its own, NIP-01 only has the word "rate-limited".
  eventsPerAuthor: { limit: 60, windowSeconds: 60 },
  // Posts of one profile: developers.facebook.com/docs/threads/overview.
  threadsPerProfileDay: { limit: 250, windowSeconds: 86_400 },
  // 200 calls an hour for each of an app's users, here for 5 000 of them, and 4 800 a day for a page with one engaged user:
  // developers.facebook.com/docs/graph-api/overview/rate-limiting.
  graphPerAppHour: { limit: 1_000_000, windowSeconds: 3_600 },
  graphPerPageDay: { limit: 4_800, windowSeconds: 86_400 },
  // config/initializers/rack_attack.rb and app/lib/rate_limiter.rb of mastodon/mastodon.
  mastodonPerUser: { limit: 1_500, windowSeconds: 300 },
  mastodonPostsPerUser: { limit: 300, windowSeconds: 10_800 },
  // All requests of an address to a PDS, and writes of an account, of which a new record counts 3 in 5000 and 35 000:
  // docs.bsky.app/docs/advanced-guides/rate-limits.
  xrpcPerAddress: { limit: 3_000, windowSeconds: 300 },
  recordsPerAccountHour: { limit: 1_666, windowSeconds: 3_600 },
  recordsPerAccountDay: { limit: 11_666, windowSeconds: 86_400 },
} satisfies Record<string, Limit>;
export type LimitName = keyof typeof DEFAULT_LIMITS;
export const LIMIT_NAMES = Object.keys(DEFAULT_LIMITS) as LimitName[];

export type ErrorRates = Partial<Record<Fault, number>>;

/** All that the control API can set about how the platform behaves. Shares are between 0 and 1. */
export interface Behaviour {
  latency: Latency;
  /** Shares of the requests that post. */
  errorRates: ErrorRates;
  /** Shares of the other paths. */
  pathErrorRates: Partial<Record<Exclude<ApiPath, 'posts'>, ErrorRates>>;
  limits: Record<LimitName, Limit>;
  /** Life of an access token. */
  tokenLifeSeconds: number;
  refreshLifeSeconds: number;
  codeLifeSeconds: number;
  /** Seconds until the reset that a forced 429 names. */
  forcedResetSeconds: number;
  /** A hung request is cut after this. */
  hangSeconds: number;
  /** Answer with https://t.co/... in place of each link, as X does; the record keeps the text as sent. */
  wrapLinks: boolean;
  /** Refuse a text that the account has posted before, as X does; false shows whether a client posts twice. */
  refuseDuplicates: boolean;
  /** Life of Meta's long tokens, and how old one of Threads has to be before it can be refreshed. */
  longTokenLifeSeconds: number;
  refreshAfterSeconds: number;
  /** A container of Threads is IN_PROGRESS at first and EXPIRED later: how long each takes. */
  containerSeconds: number;
  containerLifeSeconds: number;
  /** Containers made from now on end in ERROR. */
  containerFails: boolean;
  /** How many times a container is not found when it is to be published (4279009), though it is there. */
  containerMisses: number;
  /** By how much the network's clock is off, or ours: the Date of every answer, and when it takes proofs and events to be. */
  dateSkewSeconds: number;
  /** Answers come from a cache that has kept them this long: an older Date, and an Age. */
  dateAgeSeconds: number;
  /** A shield before the network answers every request in its place. */
  challenge: SimulatedChallenge;
  mastodon: MastodonBehaviour;
  bluesky: BlueskyBehaviour;
  facebook: FacebookBehaviour;
  nostr: NostrBehaviour;
  x: XBehaviour;
}

/** What PUT /_control/behaviour takes: any part of it; the rest goes back to the default. */
export type BehaviourChange = Partial<
  Omit<Behaviour, 'latency' | 'limits' | 'mastodon' | 'bluesky' | 'facebook' | 'nostr' | 'x'> & {
    latency: Partial<Latency>;
    mastodon: Partial<MastodonBehaviour>;
    bluesky: Partial<BlueskyBehaviour>;
    facebook: Partial<FacebookBehaviour>;
    nostr: Partial<NostrBehaviour>;
    x: Partial<XBehaviour>;
    limits: Partial<Record<LimitName, Partial<Limit>>>;
  }
>;

export function defaultBehaviour(): Behaviour {
  return {
    latency: { kind: 'none', medianMs: 150, sigma: 0.5 },
    errorRates: {},
    pathErrorRates: {},
    limits: structuredClone(DEFAULT_LIMITS),
    tokenLifeSeconds: 7_200,
    refreshLifeSeconds: 180 * 86_400,
    codeLifeSeconds: 30,
    forcedResetSeconds: 900,
    hangSeconds: 120,
    wrapLinks: false,
    refuseDuplicates: true,
    longTokenLifeSeconds: 60 * 86_400,
    refreshAfterSeconds: 86_400,
    containerSeconds: 0,
    containerLifeSeconds: 86_400,
    containerFails: false,
    containerMisses: 0,
    dateSkewSeconds: 0,
    dateAgeSeconds: 0,
    challenge: 'none',
    mastodon: defaultMastodon(),
    bluesky: defaultBluesky(),
    facebook: defaultFacebook(),
    nostr: defaultNostr(),
    x: defaultX(),
  };
}

export function mergeBehaviour(change: BehaviourChange): Behaviour {
  const base = defaultBehaviour();
  const limits = base.limits;
  for (const name of LIMIT_NAMES) Object.assign(limits[name], change.limits?.[name]);
  const latency = { ...base.latency, ...change.latency };
  return {
    ...base,
    ...change,
    latency,
    limits,
    mastodon: { ...base.mastodon, ...change.mastodon },
    bluesky: { ...base.bluesky, ...change.bluesky },
    facebook: { ...base.facebook, ...change.facebook },
    nostr: { ...base.nostr, ...change.nostr },
    x: { ...base.x, ...change.x },
  };
}

/** The fault whose slice of [0, 1) the draw falls into, if any. */
export function pickFault(rates: ErrorRates, chance: number): Fault | undefined {
  let edge = 0;
  for (const [fault, share] of Object.entries(rates) as [Fault, number][]) {
    edge += share;
    if (chance < edge) return fault;
  }
  return undefined;
}
