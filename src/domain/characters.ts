import { placeInText } from './text/text-place.ts';

/**
 * Characters that no text of a campaign may hold: control characters, halves of surrogate pairs, noncharacters, the
 * byte order mark, line and paragraph separators, and the controls that override or isolate the writing direction,
 * with which a text can be made to read as another one, and U+FFFD, which stands where a letter was lost. The marks LRM, RLM and ALM stay allowed; right-to-left
 * languages need them. X refuses U+FFFE, U+FEFF and U+FFFF by itself (twitter-text, hasInvalidCharacters).
 */
const FORBIDDEN =
  /(?!\n)[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}\u202A-\u202E\u2066-\u2069\uFEFF\uFFFD]/u;
/** The first of them in a text of several lines. */
export const FORBIDDEN_CHARACTER = FORBIDDEN;
const FORBIDDEN_IN_LINE = new RegExp(`${FORBIDDEN.source}|\\n`, 'u');

/** Whether a text may run over several lines (a message), over lines with tabs in them (markdown), or not at all. */
export type TextShape = 'line' | 'lines' | 'markdown';

/** Text as it is kept: Unicode NFC, LF for CRLF and CR, no blanks at the ends. */
export function tidy(text: string): string {
  return text.replace(/\r\n?/g, '\n').normalize('NFC').trim();
}

/** As `tidy`, but the first line keeps its indentation, which means something in markdown. */
export function tidyMarkdown(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .normalize('NFC')
    .replace(/^(?:[ \t]*\n)+/, '')
    .trimEnd();
}

/** What is wrong with the characters of a text, in words that say where, or null. Line and column count from 1. */
export function characterProblem(text: string, shape: TextShape): string | null {
  const searched = shape === 'markdown' ? text.replaceAll('\t', ' ') : text;
  const at = searched.search(shape === 'line' ? FORBIDDEN_IN_LINE : FORBIDDEN);
  if (at < 0) return null;
  if (text[at] === '\n') return 'must be a single line; remove the line break';
  const code = (text.codePointAt(at) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  const before = text.slice(0, at).split('\n');
  const column = (before.at(-1)?.length ?? 0) + 1;
  return `holds a character that must not be posted, U+${code} (${placeInText(before.length, column)}); remove it`;
}
