import { simulateBluesky } from './bluesky/index.ts';
import { makeDid } from './bluesky/names.ts';
import { simulateFacebook } from './facebook/index.ts';
import { simulateLinkedin } from './linkedin/index.ts';
import { simulateMastodon } from './mastodon/index.ts';
import { createNostrSite } from './nostr/site.ts';
import { createSite, type Site, type SiteOptions } from './site.ts';
import { simulateThreads } from './threads/index.ts';
import { simulateX } from './x/index.ts';

/** Every platform that can be simulated, by its name. */
export const SITES = {
  x: (options: SiteOptions) =>
    createSite(options, { create: simulateX, idOf: (nth) => `15${String(nth).padStart(17, '0')}` }),
  bluesky: (options: SiteOptions) =>
    createSite(options, { create: simulateBluesky, idOf: makeDid }),
  threads: (options: SiteOptions) =>
    createSite(options, {
      create: simulateThreads,
      idOf: (nth) => `26${String(nth).padStart(14, '0')}`,
    }),
  facebook: (options: SiteOptions) =>
    createSite(options, {
      create: simulateFacebook,
      idOf: (nth) => `61${String(nth).padStart(12, '0')}`,
    }),
  linkedin: (options: SiteOptions) =>
    createSite(options, {
      create: simulateLinkedin,
      idOf: (nth) => `m${String(nth).padStart(9, '0')}`,
    }),
  nostr: createNostrSite,
  mastodon: (options: SiteOptions) =>
    createSite(options, {
      create: simulateMastodon,
      idOf: (nth) => `11${String(nth).padStart(16, '0')}`,
    }),
} satisfies Record<string, (options: SiteOptions) => Site>;

export type PlatformName = keyof typeof SITES;

export const PLATFORM_NAMES = Object.keys(SITES) as PlatformName[];
