import { toHandle } from './bluesky/names.ts';
import type { PlatformName } from './sites.ts';

/** What an instance is told, so that these simulated platforms are its networks. `urls`: where each of them is. */
export function environmentFor(urls: ReadonlyMap<PlatformName, string>): Record<string, string> {
  // Servers that supporters name, and that are in a private network here.
  const named = (['mastodon', 'bluesky'] as const).flatMap((name) => urls.get(name) ?? []);
  const environment: Record<string, string> = {
    PRIVATE_HOSTS: named.map((url) => new URL(url).host).join(','),
    // One relay is all there is.
    NOSTR_QUORUM: '1',
  };
  for (const [name, url] of urls) Object.assign(environment, VARIABLES[name](url));
  return environment;
}

/** What a person has to tell to join on this platform: the server, or their handle there. */
export function knownServer(name: PlatformName, url: string, handle: string): string {
  if (name === 'mastodon') return new URL(url).host;
  return name === 'bluesky' ? toHandle({ handle }) : '';
}

const app = (prefix: string, url: string, authorizePath: string): Record<string, string> => ({
  [`${prefix}_CLIENT_ID`]: 'simulated',
  [`${prefix}_CLIENT_SECRET`]: 'simulated-secret',
  [`${prefix}_API_URL`]: url,
  [`${prefix}_AUTHORIZE_URL`]: url + authorizePath,
});

const VARIABLES: Record<PlatformName, (url: string) => Record<string, string>> = {
  x: (url) => ({ ...app('X', url, '/i/oauth2/authorize'), X_POST_URL: url }),
  mastodon: () => ({}),
  bluesky: (url) => ({
    ...{ BLUESKY_DIRECTORY_URL: url, BLUESKY_RESOLVER_URL: url, BLUESKY_POST_URL: url },
  }),
  threads: (url) => app('THREADS', url, '/oauth/authorize'),
  facebook: (url) => ({ ...app('FACEBOOK', url, '/dialog/oauth'), FACEBOOK_POST_URL: url }),
  linkedin: (url) => ({
    ...app('LINKEDIN', url, '/oauth/v2/authorization'),
    LINKEDIN_POST_URL: url,
    LINKEDIN_TOKEN_URL: `${url}/oauth/v2/accessToken`,
  }),
  nostr: (url) => ({ NOSTR_RELAYS: url.replace(/^http/, 'ws') }),
};
