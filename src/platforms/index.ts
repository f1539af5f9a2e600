import type { TextRule } from '../domain/text-rule.ts';
import { createGuard } from '../outbound/ssrf-guard.ts';
import { connectBluesky } from './bluesky/bluesky.ts';
import { blueskyCompose } from './bluesky/compose.ts';
import { blueskyTextRule } from './bluesky/text-rule.ts';
import type { ComposeWay } from './compose-way.ts';
import { facebookCompose } from './facebook/compose.ts';
import { connectFacebook } from './facebook/facebook.ts';
import { facebookTextRule } from './facebook/text-rule.ts';
import { linkedinCompose } from './linkedin/compose.ts';
import { connectLinkedin } from './linkedin/linkedin.ts';
import { linkedinTextRule } from './linkedin/text-rule.ts';
import { mastodonCompose } from './mastodon/compose.ts';
import { connectMastodon } from './mastodon/mastodon.ts';
import { mastodonTextRule } from './mastodon/text-rule.ts';
import { connectNostr } from './nostr/nostr.ts';
import { nostrTextRule } from './nostr/text-rule.ts';
import type { Platform } from './platform.ts';
import type { PlatformDeps } from './platform-deps.ts';
import { telegramCompose } from './telegram/compose.ts';
import { threadsCompose } from './threads/compose.ts';
import { threadsTextRule } from './threads/text-rule.ts';
import { connectThreads } from './threads/threads.ts';
import { whatsappCompose } from './whatsapp/compose.ts';
import { xCompose } from './x/compose.ts';
import { xTextRule } from './x/text-rule.ts';
import { connectX } from './x/x.ts';

/** The platforms of this instance by name, in the order in which they are offered. */
export type Platforms = ReadonlyMap<string, Platform>;

/** The registry: the only list of platforms. One that lacks what it needs, such as the keys of an app, gives null. */
const PLATFORMS: readonly ((deps: PlatformDeps) => Platform | null)[] = [
  connectX,
  connectMastodon,
  connectBluesky,
  connectThreads,
  connectFacebook,
  connectLinkedin,
  connectNostr,
];

export function createPlatforms(parts: Omit<PlatformDeps, 'guard'>): Platforms {
  const guard = createGuard(parts.config.platforms.privateHosts);
  const connected = PLATFORMS.flatMap((connect) => connect({ ...parts, guard }) ?? []);
  return new Map(connected.map((platform) => [platform.name, platform]));
}

/** The length rules of every platform there is, connected or not: a campaign must fit all of them. */
export const TEXT_RULES: readonly TextRule[] = [
  xTextRule,
  mastodonTextRule,
  blueskyTextRule,
  threadsTextRule,
  facebookTextRule,
  linkedinTextRule,
  nostrTextRule,
];

/** The ways to post by oneself, in the order in which they are offered. None of them needs anything to be configured. */
export const COMPOSE_WAYS: readonly ComposeWay[] = [
  xCompose,
  facebookCompose,
  threadsCompose,
  blueskyCompose,
  mastodonCompose,
  telegramCompose,
  linkedinCompose,
  whatsappCompose,
];
