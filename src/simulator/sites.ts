import { createBluesky } from './bluesky/index.ts';
import { didOf } from './bluesky/names.ts';
import { createFacebook } from './facebook/index.ts';
import { createLinkedin } from './linkedin/index.ts';
import { createMastodon } from './mastodon/index.ts';
import { createNostrSite } from './nostr/site.ts';
import { createSite, type Site, type SiteOptions } from './site.ts';
import { createThreads } from './threads/index.ts';
import { createX } from './x/index.ts';

/** Every platform that can be simulated, by its name. */
export const SITES = {
  x: (options: SiteOptions) =>
    createSite(options, { create: createX, idOf: (nth) => `15${String(nth).padStart(17, '0')}` }),
  bluesky: (options: SiteOptions) => createSite(options, { create: createBluesky, idOf: didOf }),
  threads: (options: SiteOptions) =>
    createSite(options, {
      create: createThreads,
      idOf: (nth) => `26${String(nth).padStart(14, '0')}`,
    }),
  facebook: (options: SiteOptions) =>
    createSite(options, {
      create: createFacebook,
      idOf: (nth) => `61${String(nth).padStart(12, '0')}`,
    }),
  linkedin: (options: SiteOptions) =>
    createSite(options, {
      create: createLinkedin,
      idOf: (nth) => `m${String(nth).padStart(9, '0')}`,
    }),
  nostr: createNostrSite,
  mastodon: (options: SiteOptions) =>
    createSite(options, {
      create: createMastodon,
      idOf: (nth) => `11${String(nth).padStart(16, '0')}`,
    }),
} satisfies Record<string, (options: SiteOptions) => Site>;

export type PlatformName = keyof typeof SITES;

export const PLATFORM_NAMES = Object.keys(SITES) as PlatformName[];
