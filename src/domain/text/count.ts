import twitterText from 'twitter-text';
import { linksIn, replaceLinks } from './links.ts';

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
/** Where newer editions of Unicode (15.1, rule GB9c) join two letters of an Indian script, and older ones do not. */
const JOINED = /[\p{M}\u200D](?=\p{L})/gu;

/** Of these each is one by itself; finding them out costs a hundredth. */
const PLAIN = /^[\n\x20-\x7e]*$/;

/** What people take for one character, counted by the edition of Unicode that counts most: servers have different ones. */
export function countGraphemes(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let count = 0;
  for (const { segment } of segmenter.segment(text)) {
    count += 1 + (segment.length > 1 ? (segment.match(JOINED)?.length ?? 0) : 0);
  }
  return count;
}

/** Unicode code points. */
export function countCodePoints(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** Bytes of UTF-8. */
export function countBytes(text: string): number {
  return Buffer.byteLength(text);
}

/** What any link weighs on X, and counts on Mastodon. */
export const LINK_WEIGHT = 23;

/**
 * X's weighted count (docs.x.com, "Counting characters"; twitter-text configuration v3): a link 23 whatever its length and also
 * without a scheme, an emoji sequence 2, Latin to Georgian and general punctuation 1, everything else 2. On NFC, as X stores it.
 * Needs the `twemoji-parser` override of package.json: without it emoji newer than 2019 are miscounted.
 */
export function countWeighted(text: string): number {
  const composed = text.normalize('NFC');
  const links = linksIn(composed).length;
  // The links have been found; without a full stop twitter-text, whose list of domains is older, finds no others. Both weigh 1.
  const words = replaceLinks(composed, ',').replaceAll('.', ',');
  return twitterText.parseTweet(words).weightedLength + links * (LINK_WEIGHT - 1);
}
