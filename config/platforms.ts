import { isIP } from 'node:net';
import { type Static, type TObject, Type } from 'typebox';
import { ConfigurationError } from '../src/domain/errors.ts';
import { quoted } from './quoted.ts';
import { Secret } from './secrets.ts';
import { listOf, web, webBase } from './urls.ts';

/** How long a platform may take to answer. A worker that is to stop waits for what is under way: with this it is gone within ten seconds. */
const TIMEOUT = Type.Integer({ default: 8_000, minimum: 100, maximum: 120_000 });
const QUOTES = ['public', 'followers', 'nobody'];

/** What the environment may say of platforms: a part of the schema in env.ts. */
export const PLATFORM_VARIABLES = {
  X_CLIENT_ID: Type.String({ default: '' }),
  X_CLIENT_SECRET: Type.String({ default: '' }),
  X_API_URL: Type.String({ default: 'https://api.x.com' }),
  X_AUTHORIZE_URL: Type.String({ default: 'https://x.com/i/oauth2/authorize' }),
  X_POST_URL: Type.String({ default: 'https://x.com' }),
  X_TIMEOUT_MS: TIMEOUT,
  PRIVATE_HOSTS: Type.String({ default: '' }),
  MASTODON_POSTS_PER_SECOND: Type.Integer({ default: 30, minimum: 1, maximum: 10_000 }),
  MASTODON_QUOTES: Type.String({ default: '', enum: ['', ...QUOTES], examples: QUOTES }),
  MASTODON_TIMEOUT_MS: TIMEOUT,
  BLUESKY_DIRECTORY_URL: Type.String({ default: 'https://plc.directory' }),
  BLUESKY_RESOLVER_URL: Type.String({ default: '' }),
  BLUESKY_POST_URL: Type.String({ default: 'https://bsky.app' }),
  BLUESKY_TIMEOUT_MS: TIMEOUT,
  THREADS_CLIENT_ID: Type.String({ default: '' }),
  THREADS_CLIENT_SECRET: Type.String({ default: '' }),
  THREADS_API_URL: Type.String({ default: 'https://graph.threads.net' }),
  THREADS_AUTHORIZE_URL: Type.String({ default: 'https://threads.com/oauth/authorize' }),
  THREADS_TIMEOUT_MS: TIMEOUT,
  LINKEDIN_CLIENT_ID: Type.String({ default: '' }),
  LINKEDIN_CLIENT_SECRET: Type.String({ default: '' }),
  LINKEDIN_API_URL: Type.String({ default: 'https://api.linkedin.com' }),
  LINKEDIN_AUTHORIZE_URL: Type.String({
    default: 'https://www.linkedin.com/oauth/v2/authorization',
  }),
  LINKEDIN_TOKEN_URL: Type.String({ default: 'https://www.linkedin.com/oauth/v2/accessToken' }),
  LINKEDIN_POST_URL: Type.String({ default: 'https://www.linkedin.com' }),
  LINKEDIN_VERSION: Type.String({
    ...{ default: '202607', pattern: '^20[0-9]{2}(0[1-9]|1[0-2])$' },
    description: 'a year and a month, YYYYMM',
  }),
  LINKEDIN_TIMEOUT_MS: TIMEOUT,
  FACEBOOK_CLIENT_ID: Type.String({ default: '' }),
  FACEBOOK_CLIENT_SECRET: Type.String({ default: '' }),
  FACEBOOK_API_URL: Type.String({ default: 'https://graph.facebook.com' }),
  FACEBOOK_AUTHORIZE_URL: Type.String({ default: 'https://www.facebook.com/dialog/oauth' }),
  FACEBOOK_POST_URL: Type.String({ default: 'https://www.facebook.com' }),
  FACEBOOK_VERSION: Type.String({
    ...{ default: 'v26.0', pattern: '^v[0-9]+[.][0-9]+$' },
    description: 'a version of the Graph API',
  }),
  FACEBOOK_PORTFOLIOS: Type.Boolean({ default: false }),
  FACEBOOK_TIMEOUT_MS: TIMEOUT,
  NOSTR_RELAYS: Type.String({ default: '' }),
  NOSTR_QUORUM: Type.Integer({ default: 2, minimum: 1, maximum: 20 }),
  NOSTR_POST_URL: Type.String({ default: 'https://njump.me' }),
  NOSTR_TIMEOUT_MS: TIMEOUT,
};
type Environment = Static<TObject<typeof PLATFORM_VARIABLES>>;

/** An app that the operator has registered with a network. An empty `clientId`: the network is not connected. */
export interface AppConfig {
  clientId: string;
  /** Null: a public client. */
  clientSecret: Secret | null;
  apiUrl: string;
  authorizeUrl: string;
  timeoutMs: number;
}

export interface XConfig extends AppConfig {
  /** Where a post's own page is, for links. */
  postUrl: string;
}

export interface MastodonConfig {
  /** To one server, by one process: a small one is not to get thousands in one second. */
  postsPerSecond: number;
  timeoutMs: number;
  /** Who may quote a post; null: whom the account itself lets. */
  quotes: 'public' | 'followers' | 'nobody' | null;
}

export interface BlueskyConfig {
  /** Where DIDs of the kind `plc` are looked up. */
  directoryUrl: string;
  /** A server that resolves handles; '': by DNS and by HTTPS, as the protocol has it. */
  resolverUrl: string;
  postUrl: string;
  timeoutMs: number;
}

export type ThreadsConfig = AppConfig;

export interface LinkedinConfig extends AppConfig {
  tokenUrl: string;
  postUrl: string;
  /** Of the API, YYYYMM; each lives for a year at least. */
  version: string;
}

export interface FacebookConfig extends AppConfig {
  postUrl: string;
  /** Of the Graph API, such as v26.0. */
  version: string;
  /** True when Meta has granted the app `business_management`: a supporter whose page is missing may be asked for it. */
  portfolios: boolean;
}

export interface NostrConfig {
  /** wss:// addresses; none: the network is not connected. */
  relays: readonly string[];
  /** The number of relays that must take an event before it counts as posted. */
  quorum: number;
  postUrl: string;
  timeoutMs: number;
}

/** What each platform is told, and what all of them share. */
export interface PlatformConfigs {
  /**
   * Servers that may be reached though they are private: `host`, which is by https at its usual port, or `host:port`, which is by
   * http. As a URL has them: in lower case, names as `xn--…`, addresses in their usual spelling.
   */
  privateHosts: readonly string[];
  x: XConfig;
  mastodon: MastodonConfig;
  bluesky: BlueskyConfig;
  threads: ThreadsConfig;
  linkedin: LinkedinConfig;
  facebook: FacebookConfig;
  nostr: NostrConfig;
}

/** @throws ConfigurationError, one line that names the variable and the mend. */
export function platformConfigs(env: Environment): PlatformConfigs {
  return {
    privateHosts: listOf(env.PRIVATE_HOSTS).map(privateHost),
    x: { ...app(env, 'X'), postUrl: webBase('X_POST_URL', env.X_POST_URL) },
    mastodon: {
      postsPerSecond: env.MASTODON_POSTS_PER_SECOND,
      quotes: (env.MASTODON_QUOTES || null) as MastodonConfig['quotes'],
      timeoutMs: env.MASTODON_TIMEOUT_MS,
    },
    bluesky: {
      directoryUrl: webBase('BLUESKY_DIRECTORY_URL', env.BLUESKY_DIRECTORY_URL),
      resolverUrl: optionalWeb('BLUESKY_RESOLVER_URL', env.BLUESKY_RESOLVER_URL),
      postUrl: webBase('BLUESKY_POST_URL', env.BLUESKY_POST_URL),
      timeoutMs: env.BLUESKY_TIMEOUT_MS,
    },
    threads: app(env, 'THREADS'),
    linkedin: {
      ...app(env, 'LINKEDIN'),
      tokenUrl: webBase('LINKEDIN_TOKEN_URL', env.LINKEDIN_TOKEN_URL),
      postUrl: webBase('LINKEDIN_POST_URL', env.LINKEDIN_POST_URL),
      version: env.LINKEDIN_VERSION,
    },
    facebook: {
      ...app(env, 'FACEBOOK'),
      postUrl: webBase('FACEBOOK_POST_URL', env.FACEBOOK_POST_URL),
      version: env.FACEBOOK_VERSION,
      portfolios: portfolios(env),
    },
    nostr: {
      relays: listOf(env.NOSTR_RELAYS).map(relay),
      quorum: quorum(env),
      postUrl: webBase('NOSTR_POST_URL', env.NOSTR_POST_URL),
      timeoutMs: env.NOSTR_TIMEOUT_MS,
    },
  };
}

/** The networks, by name, with which the operator has registered an app. */
export function connectedApps(platforms: PlatformConfigs): [name: string, app: AppConfig][] {
  return Object.entries(platforms).filter(
    (entry): entry is [string, AppConfig] => 'clientId' in entry[1] && entry[1].clientId !== '',
  );
}

type WithApp = 'X' | 'THREADS' | 'LINKEDIN' | 'FACEBOOK';

function app(env: Environment, prefix: WithApp): AppConfig {
  const clientId = env[`${prefix}_CLIENT_ID`];
  const secret = env[`${prefix}_CLIENT_SECRET`];
  refuseHalfApp(prefix, { clientId, secret });
  return {
    clientId,
    clientSecret: secret === '' ? null : new Secret(secret),
    apiUrl: webBase(`${prefix}_API_URL`, env[`${prefix}_API_URL`]),
    authorizeUrl: web(`${prefix}_AUTHORIZE_URL`, env[`${prefix}_AUTHORIZE_URL`]),
    timeoutMs: env[`${prefix}_TIMEOUT_MS`],
  };
}

/** Networks of which an app may be a public client, which has no secret. */
const WITHOUT_SECRET: readonly WithApp[] = ['X'];

/** Half of an app's keys is of no use, and would be found out by the first who joins. */
function refuseHalfApp(
  prefix: WithApp,
  { clientId, secret }: { clientId: string; secret: string },
): void {
  const [id, key] = [`${prefix}_CLIENT_ID`, `${prefix}_CLIENT_SECRET`];
  if (clientId === '' && secret !== '') {
    throw new ConfigurationError(
      `${id}: is not set, and ${key} is; set ${id}, the id of that app, or leave ${key} out to be without this network`,
    );
  }
  if (clientId !== '' && secret === '' && !WITHOUT_SECRET.includes(prefix)) {
    throw new ConfigurationError(
      `${key}: is not set, and ${id} is, which is of no use without it; set ${key} (or ${key}_FILE), the secret of that app, or leave ${id} out to be without this network`,
    );
  }
}

function portfolios(env: Environment): boolean {
  if (env.FACEBOOK_PORTFOLIOS && env.FACEBOOK_CLIENT_ID === '') {
    throw new ConfigurationError(
      'FACEBOOK_PORTFOLIOS: is of no use without FACEBOOK_CLIENT_ID; set the keys of your app at Facebook, or leave it out',
    );
  }
  return env.FACEBOOK_PORTFOLIOS;
}

function optionalWeb(name: string, value: string): string {
  return value === '' ? '' : webBase(name, value);
}

/** A name alone, or with https' usual port, is reached by https; of an address in a private network that is hardly ever meant. */
function privateHost(text: string): string {
  const [, name = '', port] = /^(\[[\da-f:.]+\]|[^\s/:@?#]+)(?::(\d{1,5}))?$/i.exec(text) ?? [];
  const url = `http://${text}`;
  const host = name !== '' && URL.canParse(url) ? new URL(url).hostname : '';
  const isAddress = isIP(host.replace(/^\[|\]$/g, '')) !== 0 || host === 'localhost';
  if ((!isAddress && !HOST_NAME.test(host)) || Number(port ?? 1) === 0) throw noHost(text);
  if (isAddress && port === undefined) {
    throw new ConfigurationError(
      `PRIVATE_HOSTS: ${quoted(text)} is without a port; write for example ${host}:4000`,
    );
  }
  return port === undefined || Number(port) === 443 ? host : `${host}:${Number(port)}`;
}

const HOST_NAME = /^[\da-z_-]+(\.[\da-z_-]+)*$/;

/** What is wrong with it, as far as that can be said, and what to write. */
function noHost(text: string): ConfigurationError {
  const why = (): string => {
    if (text.includes('://')) return 'has a scheme; write the host and its port alone';
    if (text.includes('*')) return 'has a *; name each host';
    if (/[\s;]/.test(text)) return 'is no host; put commas between several';
    if (isIP(text) === 6) return `is an address without its brackets; write [${text}]:4000`;
    if (text.includes('/')) return 'has a path; write the host and its port alone';
    return 'is no host and port';
  };
  return new ConfigurationError(`PRIVATE_HOSTS: ${quoted(text)} ${why()}, such as 127.0.0.1:4000`);
}

/** Two, unless there is one relay alone. */
const USUAL_QUORUM = 2;

function quorum(env: Environment): number {
  const count = listOf(env.NOSTR_RELAYS).length;
  const asked = env.NOSTR_QUORUM;
  if (count > 0 && asked > Math.max(count, USUAL_QUORUM)) {
    throw new ConfigurationError(
      `NOSTR_QUORUM: ${asked} relays cannot take a post, since NOSTR_RELAYS names ${count}; write ${count}, or name more`,
    );
  }
  return asked;
}

function relay(address: string, index: number, all: readonly string[]): string {
  const mend = 'write for example NOSTR_RELAYS=wss://relay.example,wss://other.example';
  if (!/^wss?:\/\/\S+$/i.test(address) || !URL.canParse(address)) {
    throw new ConfigurationError(
      `NOSTR_RELAYS: ${quoted(address)} is no wss:// address of a relay; ${mend}`,
    );
  }
  const { href } = new URL(address);
  // Counted twice, one relay would make a quorum.
  if (all.slice(0, index).some((other) => new URL(other).href === href)) {
    throw new ConfigurationError(`NOSTR_RELAYS: ${quoted(address)} is named twice; leave one out`);
  }
  return address;
}
