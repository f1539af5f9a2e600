import { decodePage } from './code-pages.ts';
import { linksIn } from './links.ts';
import type { WritingSystem } from './scripts.ts';

/** What became of letters in a line, in words that say what to do, by the UTF-16 index within it. */
export interface LostLetters {
  at: number;
  what: string;
}

/** U+FFFD: what programs write where they could not read a letter. */
const LOST = '\uFFFD';
const QUOTED = /(?:=[0-9A-F]{2}(?:=\n)?){2,}/g;
const PERCENT = /(?:%[0-9A-F]{2}){2,}/gi;
const SHIFTED = /\+([A-Za-z0-9+/]{3,})(-?)/g;
/** Between two letters of one case. In scripts without capitals a question mark without a blank behind it is usual. */
const QUESTION_IN_WORD = /(?<=\p{Ll})\?+(?=\p{Ll})|(?<=\p{Lu})\?+(?=\p{Lu})/u;
/** Words of question marks alone, one after another. */
const QUESTION_WORDS = /(?<![^\s«“„"(])\?{2,}[^\S\n]+\?{2,}(?![^\s.,:;!»”")])/;

/**
 * Where letters of a line are lost, or still packed as mail and addresses pack them. Links are left aside. A `line` is without
 * placeholders: they are blanks.
 */
export function lostLettersIn(line: string, scripts: readonly WritingSystem[]): LostLetters | null {
  const lost = line.indexOf(LOST);
  if (lost >= 0) return { at: lost, what: 'has lost letters: U+FFFD stands where one was' };
  if (!/[?=%+]/.test(line)) return null;
  const words = withoutLinks(line);
  return (
    packed(words, QUOTED, '=', 'quoted-printable, as mails are sent') ??
    packed(words, PERCENT, '%', 'percent signs, as addresses are written') ??
    utf7(words, scripts) ??
    questionMarks(words)
  );
}

/** Of the same length, so that places stay. */
function withoutLinks(line: string): string {
  return linksIn(line).reduceRight(
    (text, { start, end }) => text.slice(0, start) + ' '.repeat(end - start) + text.slice(end),
    line,
  );
}

function packed(text: string, pattern: RegExp, sign: string, how: string): LostLetters | null {
  for (const match of text.matchAll(pattern)) {
    const bytes = match[0].split(sign).slice(1);
    const means = decodePage(
      'utf-8',
      bytes.map((byte) => Number.parseInt(byte, 16)),
    );
    if (means.includes(LOST) || !/[^\0-\x7f]/.test(means)) continue;
    return {
      at: match.index,
      what: `holds letters in ${how}, which would be posted as they stand`,
    };
  }
  return null;
}

/** UTF-7 (RFC 2152): UTF-16 in Base64 between `+` and `-`. Any word can be Base64, so all of it has to be in the expected letters. */
function utf7(text: string, scripts: readonly WritingSystem[]): LostLetters | null {
  for (const match of text.matchAll(SHIFTED)) {
    const [, base64 = '', end] = match;
    const bytes = Buffer.from(base64, 'base64');
    const spare = (base64.length * 6) % 16;
    const units = decodePage('utf-16be', [...bytes.subarray(0, bytes.length - (bytes.length % 2))]);
    const isPadded = spare < 6 && (bytes.length % 2 === 0 || bytes.at(-1) === 0);
    const isMeant = [...units].every(
      (sign) => sign > '\x7f' && scripts.some(({ letter }) => letter.test(sign)),
    );
    if (!isPadded || !isMeant || units.length < (end ? 1 : 3)) continue;
    return { at: match.index, what: 'holds letters in UTF-7, which would be posted as they stand' };
  }
  return null;
}

function questionMarks(text: string): LostLetters | null {
  // An address without its host, such as /page?list=past, is in one piece with its signs.
  const words = text.replace(/\S*[/=&]\S*/g, (found) => ' '.repeat(found.length));
  const within = words.search(QUESTION_IN_WORD);
  if (within >= 0) {
    const what = 'holds a question mark within a word, as where a letter was lost';
    return { at: within, what };
  }
  const alone = words.search(QUESTION_WORDS);
  if (alone < 0) return null;
  return { at: alone, what: 'has lost letters: question marks stand where they were' };
}
