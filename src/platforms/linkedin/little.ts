import { hashtagsIn } from '../../domain/text/hashtags.ts';

/** Has a meaning of its own in "little" text, so it is taken for itself only behind a backslash. */
const RESERVED = /[\\|{}@[\]()<>#*_~]/g;

/**
 * A text in LinkedIn's "little" format, so that what people see is the text as it is, and its hashtags lead somewhere. What is
 * not escaped is not refused: LinkedIn silently cuts the post short there.
 * learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/little-text-format, 2026-05.
 */
export function little(text: string): string {
  let written = '';
  let from = 0;
  for (const { start, end, tag } of hashtagsIn(text)) {
    // LinkedIn writes every tag that it links with this sign.
    if (text[start] !== '#') continue;
    written += `${escaped(text.slice(from, start))}{hashtag|\\#|${escaped(tag)}}`;
    from = end;
  }
  return written + escaped(text.slice(from));
}

function escaped(text: string): string {
  return text.replace(RESERVED, '\\$&');
}
