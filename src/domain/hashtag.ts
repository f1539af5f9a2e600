import twitterText from 'twitter-text';

const WORD = /^[\p{L}\p{M}\p{Nd}_]+$/u;
/** Unicode code points; X links no longer ones. */
const HASHTAG_MAX = 100;

/** A hashtag as it is kept: NFC, without the `#` (or its full-width form) in front. */
export function bareHashtag(text: string): string {
  return text
    .trim()
    .replace(/^[#＃]/u, '')
    .normalize('NFC');
}

/**
 * What is wrong with a bare hashtag, or null. X's grammar decides (twitter-text, its own published one) because it is
 * the narrowest of the platforms': letters, digits and underscore in any script, not digits alone.
 */
export function hashtagProblem(tag: string): string | null {
  if ([...tag].length > HASHTAG_MAX) return `is longer than ${HASHTAG_MAX} characters; shorten it`;
  if (WORD.test(tag) && twitterText.extractHashtags(`#${tag}`)[0] === tag) return null;
  return `"${tag}" would not become a hashtag; use letters, digits and underscores, and at least one letter`;
}
