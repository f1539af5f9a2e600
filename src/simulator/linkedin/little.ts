const MAX_CHARACTERS = 3_000;

/** Whether a text in "little" format, with all that escapes its signs, is longer than LinkedIn takes. */
export function isTooLong(commentary: string): boolean {
  return commentary.length > MAX_CHARACTERS;
}

const RESERVED = '\\|{}@[]()<>#*_~';
const HASHTAG = /^\{hashtag\|\\?[#＃]\|((?:\\.|[^\\|{}])+)\}/u;
const MENTION = /^@\[((?:\\.|[^\\\]])*)\]\(urn:li:(?:person|organization):[\w-]+\)/u;
const BARE_HASHTAG = /^#[\p{L}\p{M}\p{N}]+/u;

/**
 * What people see of a text in "little" format. A sign that has a meaning and neither a backslash nor its place ends the text,
 * without a word: that is what field reports say LinkedIn does. learn.microsoft.com, Shares, little text format.
 */
export function readLittle(text: string): string {
  let seen = '';
  let rest = text;
  while (rest !== '') {
    const element = HASHTAG.exec(rest) ?? MENTION.exec(rest);
    const bare = BARE_HASHTAG.exec(rest);
    if (element) {
      const isTag = rest.startsWith('{');
      seen += (isTag ? '#' : '') + (element[1] ?? '').replace(/\\(.)/gu, '$1');
      rest = rest.slice(element[0].length);
    } else if (bare) {
      seen += bare[0];
      rest = rest.slice(bare[0].length);
    } else if (rest.startsWith('\\') && rest.length > 1 && RESERVED.includes(rest.charAt(1))) {
      seen += rest.charAt(1);
      rest = rest.slice(2);
    } else if (RESERVED.includes(rest.charAt(0))) return seen;
    else {
      seen += rest.charAt(0);
      rest = rest.slice(1);
    }
  }
  return seen;
}
