import twitterText from 'twitter-text';
import { linksIn, type TextLink } from './links.ts';

/** A hashtag in a text, by UTF-16 indices, its sign included; `tag` is without the sign. */
export interface TextHashtag {
  start: number;
  end: number;
  tag: string;
}

/** What may stand within a tag beside letters, marks and digits: joiners, the middle dot, signs of Hebrew, Tibetan and Japanese. */
const JOINING = twitterText.regexen.hashtagSpecialChars.source;
const PART = `[\\p{L}\\p{M}\\p{Nd}${JOINING}]`;

/**
 * twitter-text's grammar with the letters that Unicode has now. The keycap sign is no tag, nor is what has a second # beside it or
 * goes on as an address. github.com/twitter/twitter-text, js/src/regexp/validHashtag.js.
 */
const HASHTAG = new RegExp(
  `(?<=^|[\\uFE0E\\uFE0F]|[^\\p{L}\\p{M}\\p{Nd}${JOINING}&#＃])[#＃](?!\\uFE0F|\\u20E3)(?=[\\p{Nd}${JOINING}]*[\\p{L}\\p{M}])(${PART}+)(?![#＃]|:\\/\\/|${PART})`,
  'gu',
);

/** The hashtags of a text, in order. One within a link, as in `?b=#Section`, is none. */
export function hashtagsIn(
  text: string,
  links: readonly TextLink[] = linksIn(text),
): TextHashtag[] {
  return [...text.matchAll(HASHTAG)].flatMap((match) => {
    const [whole, tag = ''] = match;
    const start = match.index;
    const end = start + whole.length;
    return links.some((link) => link.start < end && start < link.end) ? [] : [{ start, end, tag }];
  });
}

/** Unicode code points; X links no longer ones. */
const MAX_HASHTAG = 100;

/** A hashtag as it is kept: NFC, without the `#` (or its full-width form) in front. */
export function bareHashtag(text: string): string {
  return text
    .trim()
    .replace(/^[#＃]/u, '')
    .normalize('NFC');
}

/** What is wrong with a bare hashtag, or null: in a text it has to come back as it is. */
export function hashtagProblem(tag: string): string | null {
  const second = /^[#＃]+/u.exec(tag)?.[0];
  if (second !== undefined) {
    const rest = tag.slice(second.length).trim();
    const mend = rest === '' ? 'write one and a word' : `write #${rest} or ${rest}`;
    return `"#${tag}" has one # too many; ${mend}`;
  }
  if ([...tag].length > MAX_HASHTAG) return `is longer than ${MAX_HASHTAG} characters; shorten it`;
  const [found] = hashtagsIn(`#${tag}`);
  if (found?.tag === tag) return null;
  const cut = found ? ` but #${found.tag}` : '';
  return `"${tag}" would not become a hashtag${cut}; use letters, digits and underscores, and at least one letter`;
}
