import twitterText from 'twitter-text';
import type { TextRule } from '../../domain/text-rule.ts';

/** What a server says of itself; these are Mastodon's own numbers. docs.joinmastodon.org/entities/V1_Instance. */
export const MOST_CHARACTERS = 500;
export const RESERVED_PER_URL = 23;

/** @user@host, of which the host does not count: docs.joinmastodon.org/user/posting, "Mentions". */
const MENTION =
  /(?<![=/\p{L}\p{N}_])@([a-z0-9_]+(?:[a-z0-9_.-]*[a-z0-9_])?)@[\p{L}\p{N}.-]*[\p{L}\p{N}]/giu;

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * Mastodon's count (docs.joinmastodon.org/user/posting, "Text"): what people take for a character is one, every http(s) link
 * is `reservedPerUrl` whatever its length, and the host of a mention does not count. A link without its scheme is text.
 */
export function measureForMastodon(text: string, reservedPerUrl = RESERVED_PER_URL): number {
  let length = 0;
  let words = '';
  let from = 0;
  for (const { url, indices } of twitterText.extractUrlsWithIndices(text)) {
    if (!/^https?:/i.test(url)) continue;
    words += `${text.slice(from, indices[0])} `;
    length += reservedPerUrl - 1;
    from = indices[1];
  }
  words = shortenMentions(words + text.slice(from));
  for (const _ of graphemes.segment(words)) length++;
  return length;
}

/** The strictest that other servers count: every code point, of links and mentions too. */
export function measureStrictly(text: string): number {
  return [...text].length;
}

export function shortenMentions(text: string): string {
  return text.replace(MENTION, '@$1');
}

/** For campaigns: a server that takes less is found out when somebody names it. */
export const mastodonTextRule: TextRule = {
  platform: 'mastodon',
  label: 'Mastodon',
  limit: MOST_CHARACTERS,
  measure: (text) => measureForMastodon(text),
};
