import { createSite, type Site, type SiteOptions } from './site.ts';
import { createX } from './x/index.ts';

/** Every platform that can be simulated, by its name. */
export const SITES = {
  x: (options: SiteOptions) =>
    createSite(options, { create: createX, idOf: (nth) => `15${String(nth).padStart(17, '0')}` }),
} satisfies Record<string, (options: SiteOptions) => Site>;

export type PlatformName = keyof typeof SITES;

export const PLATFORM_NAMES = Object.keys(SITES) as PlatformName[];
