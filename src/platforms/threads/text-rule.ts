import twitterText from 'twitter-text';
import type { TextRule } from '../../domain/text-rule.ts';

const LIMIT = 500;
const MOST_LINKS = 5;
const EMOJI = /\p{Extended_Pictographic}|\p{Regional_Indicator}|\p{Emoji_Modifier}|\u20e3/u;
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * 500 characters, an emoji sequence as many as its bytes in UTF-8; every URL in full. More than five links are refused however
 * short the text, so a sixth counts as much as a whole text. developers.facebook.com/documentation/threads, posts and overview.
 */
export const threadsTextRule: TextRule = {
  platform: 'threads',
  label: 'Threads',
  limit: LIMIT,
  measure: (text) => lengthOf(text.normalize('NFC')) + tooManyLinks(text),
};

function lengthOf(text: string): number {
  let length = 0;
  for (const { segment } of graphemes.segment(text)) {
    length += EMOJI.test(segment) ? Buffer.byteLength(segment) : [...segment].length;
  }
  return length;
}

function tooManyLinks(text: string): number {
  return twitterText.extractUrls(text).length > MOST_LINKS ? LIMIT : 0;
}
