/** Has a meaning of its own in "little" text, so it is taken for itself only behind a backslash. */
const RESERVED = /[\\|{}@[\]()<>#*_~]/g;

/** A hashtag that stands by itself: not inside a word, and not the end of an address. At least one letter. */
const HASHTAG = /(?<![\p{L}\p{M}\p{N}_/&#＃])#(?=[\p{M}\p{N}_]*\p{L})([\p{L}\p{M}\p{N}_]+)/gu;

/**
 * A text in LinkedIn's "little" format, so that what people see is the text as it is, and its hashtags lead somewhere. What is
 * not escaped is not refused: LinkedIn silently cuts the post short there.
 * learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/little-text-format, 2026-05.
 */
export function little(text: string): string {
  let written = '';
  let from = 0;
  for (const match of text.matchAll(HASHTAG)) {
    written += `${escaped(text.slice(from, match.index))}{hashtag|\\#|${escaped(match[1] ?? '')}}`;
    from = match.index + match[0].length;
  }
  return written + escaped(text.slice(from));
}

function escaped(text: string): string {
  return text.replace(RESERVED, '\\$&');
}
