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

/** More parts, or a longer one, than `linksIn` takes for a name: there twitter-text may find links that it does not, or none. */
const CHAIN = /(?:[^\s.]{1,63}\.){20}|[^\s./:]{64}\./;

/** What any link weighs on X, and counts on Mastodon. */
export const LINK_WEIGHT = 23;

/**
 * X's weighted count (docs.x.com, "Counting characters"; twitter-text configuration v3): a link 23 whatever its length and also
 * without a scheme, an emoji sequence 2, Latin to Georgian and general punctuation 1, everything else 2. On NFC, as X stores it.
 * Needs the `twemoji-parser` override of package.json: without it emoji newer than 2019 are miscounted.
 */
export function countWeighted(text: string): number {
  const composed = text.normalize('NFC');
  if (!CHAIN.test(composed)) return weigh(composed);
  return composed
    .split(/(\s+)/)
    .reduce((sum, run) => sum + (CHAIN.test(run) ? weighMost(run) : weigh(run)), 0);
}

function weigh(text: string): number {
  const links = linksIn(text).length;
  return weighWords(replaceLinks(text, ',')) + links * (LINK_WEIGHT - 1);
}

/** The most that it can come to: every link has a full stop. */
function weighMost(text: string): number {
  return weighWords(text) + (text.split('.').length - 1) * LINK_WEIGHT;
}

/** Without a full stop twitter-text, whose list of domains is older, finds no link. A full stop and a comma both weigh 1. */
function weighWords(text: string): number {
  return twitterText.parseTweet(text.replaceAll('.', ',')).weightedLength;
}
