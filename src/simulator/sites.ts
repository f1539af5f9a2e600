import { simulateBluesky } from './bluesky/index.ts';
import { makeDid, toHandle } from './bluesky/names.ts';
import { simulateFacebook } from './facebook/index.ts';
import { simulateLinkedin } from './linkedin/index.ts';
import { simulateMastodon } from './mastodon/index.ts';
import { createNostrSite } from './nostr/site.ts';
import { createSite, type Site, type SiteOptions } from './site.ts';
import { simulateThreads } from './threads/index.ts';
import { simulateX } from './x/index.ts';

/** A platform that can be simulated. */
interface SimulatedSite {
  create(options: SiteOptions): Site;
  /** What an instance is told, so that this is its network. `url`: where it is. */
  variables(url: string): Record<string, string>;
  /** What a person has to tell to join there: the server, or their handle. Absent: nothing. */
  locator?(url: string, handle: string): string;
}

const numbered = (prefix: string, digits: number) => (nth: number) =>
  prefix + String(nth).padStart(digits, '0');

const app = (prefix: string, url: string, authorizePath: string): Record<string, string> => ({
  [`${prefix}_CLIENT_ID`]: 'simulated',
  [`${prefix}_CLIENT_SECRET`]: 'simulated-secret',
  [`${prefix}_API_URL`]: url,
  [`${prefix}_AUTHORIZE_URL`]: url + authorizePath,
});

/** Every platform that can be simulated, by its name. */
const ALL = {
  x: {
    create: (options) => createSite(options, { create: simulateX, idOf: numbered('15', 17) }),
    variables: (url) => ({ ...app('X', url, '/i/oauth2/authorize'), X_POST_URL: url }),
  },
  bluesky: {
    create: (options) => createSite(options, { create: simulateBluesky, idOf: makeDid }),
    variables: (url) => ({
      ...{ BLUESKY_DIRECTORY_URL: url, BLUESKY_RESOLVER_URL: url, BLUESKY_POST_URL: url },
    }),
    locator: (_url, handle) => toHandle({ handle }),
  },
  threads: {
    create: (options) => createSite(options, { create: simulateThreads, idOf: numbered('26', 14) }),
    variables: (url) => app('THREADS', url, '/oauth/authorize'),
  },
  facebook: {
    create: (options) =>
      createSite(options, { create: simulateFacebook, idOf: numbered('61', 12) }),
    variables: (url) => ({ ...app('FACEBOOK', url, '/dialog/oauth'), FACEBOOK_POST_URL: url }),
  },
  linkedin: {
    create: (options) => createSite(options, { create: simulateLinkedin, idOf: numbered('m', 9) }),
    variables: (url) => ({
      ...app('LINKEDIN', url, '/oauth/v2/authorization'),
      LINKEDIN_POST_URL: url,
      LINKEDIN_TOKEN_URL: `${url}/oauth/v2/accessToken`,
    }),
  },
  nostr: {
    create: createNostrSite,
    // One relay is all there is.
    variables: (url) => ({ NOSTR_RELAYS: url.replace(/^http/, 'ws'), NOSTR_QUORUM: '1' }),
  },
  mastodon: {
    create: (options) =>
      createSite(options, { create: simulateMastodon, idOf: numbered('11', 16) }),
    variables: () => ({}),
    locator: (url) => new URL(url).host,
  },
} satisfies Record<string, SimulatedSite>;

export type PlatformName = keyof typeof ALL;

export const SITES: Readonly<Record<PlatformName, SimulatedSite>> = ALL;
export const PLATFORM_NAMES = Object.keys(SITES) as PlatformName[];

/** What an instance is told, so that these simulated platforms are its networks. `urls`: where each of them is. */
export function environmentFor(urls: ReadonlyMap<PlatformName, string>): Record<string, string> {
  // Servers that supporters name, and that are in a private network here.
  const named = [...urls].filter(([name]) => SITES[name].locator !== undefined);
  const environment: Record<string, string> = {
    PRIVATE_HOSTS: named.map(([, url]) => new URL(url).host).join(','),
  };
  for (const [name, url] of urls) Object.assign(environment, SITES[name].variables(url));
  return environment;
}

/** What a person has to tell to join on this platform: the server, or their handle there. */
export function knownServer(name: PlatformName, url: string, handle: string): string {
  return SITES[name].locator?.(url, handle) ?? '';
}
