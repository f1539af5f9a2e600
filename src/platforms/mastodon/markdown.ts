import { hashtagsIn } from '../../domain/text/hashtags.ts';
import { linksIn } from '../../domain/text/links.ts';
import { readsMarkdown } from './software.ts';
import { mentionsIn } from './text-rule.ts';

/** What is sent as `status`, so that a server of this software shows the text as it stands. */
export function statusFor(software: string, text: string): string {
  return readsMarkdown(software) ? escapeMarkdown(text) : text;
}

/** Every sign that Markdown gives a meaning to, and all that it lets be escaped: spec.commonmark.org/0.31.2/#backslash-escapes. */
const PUNCTUATION = /[!-/:-@[-`{-~]/g;
/** Between two signs of a word it begins and ends no emphasis. */
const UNDERSCORE_AT_EDGE = /(?<![^\s\p{P}\p{S}])_|_(?![^\s\p{P}\p{S}])/gu;

/**
 * A text in CommonMark that is shown as it stands: signs escaped, line ends kept. Links stand in angle brackets, since a bare one
 * would take the backslash after it for its own; hashtags and mentions stay bare, or they would be none.
 */
export function escapeMarkdown(text: string): string {
  const plain = text.replace(/\r\n?/g, '\n');
  let escaped = '';
  let from = 0;
  for (const { start, end, kind } of piecesOf(plain)) {
    const piece = plain.slice(start, end);
    escaped += escapeSigns(plain.slice(from, start));
    escaped += kind === 'link' ? `<${piece}>` : piece.replace(UNDERSCORE_AT_EDGE, '\\$&');
    from = end;
  }
  return keepLines(escaped + escapeSigns(plain.slice(from)));
}

interface Piece {
  start: number;
  end: number;
  kind: 'link' | 'word';
}

/** Links, hashtags and mentions, in order, none within another. */
function piecesOf(text: string): Piece[] {
  const links = linksIn(text);
  const found: Piece[] = [
    ...links
      .filter(({ hasScheme }) => hasScheme)
      .map((link) => ({ ...link, kind: 'link' as const })),
    ...hashtagsIn(text, links).map((tag) => ({ ...tag, kind: 'word' as const })),
    ...mentionsIn(text).map((mention) => ({ ...mention, kind: 'word' as const })),
  ].sort((a, b) => a.start - b.start);
  let end = 0;
  return found.filter((piece) => {
    if (piece.start < end) return false;
    end = piece.end;
    return true;
  });
}

function escapeSigns(text: string): string {
  return text.replace(PUNCTUATION, '\\$&');
}

/**
 * A line's first blank as a reference, or four of them would begin code; a backslash ends a line within a paragraph. One blank line
 * parts paragraphs; of several, which Markdown would join, each is a line of a paragraph, with nothing but its backslash.
 */
function keepLines(text: string): string {
  const lines = text.trim().replace(/^[^\S\n]+$/gm, '');
  return lines
    .split(/(?<!\n)\n\n(?!\n)/)
    .map((paragraph) =>
      paragraph
        .replace(/^[ \t]/gm, (blank) => `&#${blank.charCodeAt(0)};`)
        .replaceAll('\n', '\\\n'),
    )
    .join('\n\n');
}
