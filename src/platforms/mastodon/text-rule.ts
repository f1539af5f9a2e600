import { countCodePoints, countGraphemes, LINK_WEIGHT } from '../../domain/text/count.ts';
import { linksIn } from '../../domain/text/links.ts';
import type { TextRule } from '../../domain/text-rule.ts';
import { greedyLinksIn } from './greedy-links.ts';

/** What a server says of itself; these are Mastodon's own numbers. docs.joinmastodon.org/entities/V1_Instance. */
export const MAX_CHARACTERS = 500;
export const RESERVED_PER_URL = LINK_WEIGHT;

/** @user@host, of which the host does not count: docs.joinmastodon.org/user/posting, "Mentions". */
const MENTION =
  /(?<![=/\p{L}\p{M}\p{N}\p{Pc}])@([a-z0-9_]+(?:[a-z0-9_.-]*[a-z0-9_])?)@[\p{L}\p{M}\p{N}\p{Pc}]+(?:[.-]+[\p{L}\p{M}\p{N}\p{Pc}]+)*/giu;

/** What its tags are made of: github.com/mastodon/mastodon, app/models/tag.rb. A joiner of Sinhala, U+200D, is none of it. */
const HASHTAG = /^[\p{L}\p{M}\p{Nd}\p{Pc}\u00b7\u30fb\u200c]*/u;

/**
 * Mastodon's count (docs.joinmastodon.org/user/posting, "Text"): what people take for a character is one, every http(s) link
 * is `reservedPerUrl` whatever its length, and the host of a mention does not count. A link without its scheme is text.
 */
export function measureForMastodon(text: string, reservedPerUrl = RESERVED_PER_URL): number {
  let length = 0;
  let words = '';
  let from = 0;
  for (const { start, end, hasScheme } of linksIn(text)) {
    if (!hasScheme) continue;
    words += `${text.slice(from, start)} `;
    length += reservedPerUrl - 1;
    from = end;
  }
  return length + countGraphemes(shortenMentions(words + text.slice(from)));
}

/**
 * A content warning counts with the text, links in it with every letter: github.com/mastodon/mastodon,
 * app/validators/status_length_validator.rb.
 */
export function measureWarningForMastodon(warning: string): number {
  return countGraphemes(warning);
}

/** The strictest that other servers count: every code point, of links and mentions too. */
export function measureStrictly(text: string): number {
  return countCodePoints(text);
}

export function shortenMentions(text: string): string {
  return text.replace(MENTION, '@$1');
}

/** Mentions with their host, by UTF-16 indices. */
export function mentionsIn(text: string): { start: number; end: number }[] {
  return [...text.matchAll(MENTION)].map(({ index, 0: whole }) => ({
    start: index,
    end: index + whole.length,
  }));
}

/** For campaigns: a server that takes less is found out when a supporter names it. */
export const mastodonTextRule: TextRule = {
  platform: 'mastodon',
  label: 'Mastodon',
  limit: MAX_CHARACTERS,
  measure: (text) => measureForMastodon(text),
  measureWarning: measureWarningForMastodon,
  hashtagOf: (tag) => HASHTAG.exec(tag)?.[0] ?? '',
  leavesNames: true,
  linksIn: greedyLinksIn,
};
