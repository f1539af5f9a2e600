import { blueskyCompose } from './bluesky/compose.ts';
import type { ComposeWay } from './compose-way.ts';
import { facebookCompose } from './facebook/compose.ts';
import { linkedinCompose } from './linkedin/compose.ts';
import { mastodonCompose } from './mastodon/compose.ts';
import { telegramCompose } from './telegram/compose.ts';
import { threadsCompose } from './threads/compose.ts';
import { whatsappCompose } from './whatsapp/compose.ts';
import { xCompose } from './x/compose.ts';

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

/** The longest address that is read. */
const ADDRESS_MAX = 2_000;

/**
 * Under which key the post at an address is counted: the same for every way of writing the address. Null when it cannot be
 * a post: not https, or on a network's own host and yet no post there. Hosts of no network may be servers of one that has many.
 */
export function postKeyOf(address: string): string | null {
  const text = address.trim();
  if (text.length > ADDRESS_MAX || !URL.canParse(text)) return null;
  const url = new URL(text);
  const plain = url.protocol === 'https:' && url.username === '' && url.password === '';
  const host = url.hostname.replace(/^(?:www|m|mobile|web)\./, '');
  if (!plain || url.port !== '' || !/\.[a-z][a-z0-9-]+$/.test(host)) return null;
  const way =
    COMPOSE_WAYS.find(({ hosts }) => hosts?.includes(host)) ??
    COMPOSE_WAYS.find(({ hosts }) => hosts === null);
  const key = way?.postKey(url) ?? null;
  return way && key !== null ? `${way.name}/${way.hosts === null ? host : ''}/${key}` : null;
}
