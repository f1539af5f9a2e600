import {
  type CodePage,
  DOUBLE_BYTE_PAGES,
  decodePage,
  SINGLE_BYTE_PAGES,
  WINDOWS_1252,
} from './code-pages.ts';
import { type Misreading, readInOtherLatin } from './misread-latin.ts';
import type { WritingSystem } from './scripts.ts';

/** Characters of a line that are one of UTF-8 when they are taken back to bytes; by UTF-16 indices. */
interface Sequence {
  start: number;
  end: number;
  means: string;
}

/**
 * UTF-8 that was read as Windows-1252 and saved again: `TchÃ©tchÃ©nie`, `Donâ€™t`, `ÐŸÑ€Ð¸`. Signs that can follow these
 * letters in a sentence, such as a closing quote behind a Portuguese `Ã`, are left out.
 */
const READ_AS_1252 = new RegExp(
  `\u00C3[\u00A2-\u00AA\u00AC-\u00BA\u00BC-\u00BE]|\u00E2\u20AC[${WINDOWS_1252}\u00A2-\u00BF]|(?:[\u00D0\u00D1][\u0080-\u00BF${WINDOWS_1252}]){2}`,
  'u',
);
const EAST_ASIAN = /[\u2E80-\u9FFF\uAC00-\uD7AF\uE000-\uF8FF\uFF61-\uFF9F]/u;
/** The part of a line's bytes beyond ASCII that has to be UTF-8. */
const MIN_UTF8_SHARE = 0.75;
/** Letters of one script in a row that no text of any language comes to by chance. */
const SURE = 3;

/** Of the blocks of these scripts those that languages of today use: a Russian `СЁ` is a letter of Old Slavonic by chance. */
const USUAL: Readonly<Record<string, RegExp>> = {
  Cyrl: /[\u0400-\u045F\u0490-\u04E9]/u,
  Grek: /[\u0386-\u03CE]/u,
  Arab: /[\u0621-\u064A\u0660-\u06D3\u06F0-\u06F9]/u,
  Hebr: /[\u05D0-\u05EA]/u,
};
/** What stands between letters in any script. */
const BETWEEN =
  /[\u00A0-\u00BF\u060C\u061B\u061F\u2010-\u203A\u20AC\u2116\u3000-\u303F\uFF00-\uFF65\u{1F000}-\u{1FAFF}]/u;

/** Where a line holds bytes that were read in another code page than they were written in; null where it does not. */
export function misreadIn(line: string, scripts: readonly WritingSystem[]): Misreading | null {
  const at = line.search(READ_AS_1252);
  if (at >= 0) return { at, what: 'UTF-8 that was once read as Windows-1252' };
  if (!/[\u0080-\uFFFF]/.test(line)) return null;
  const double = EAST_ASIAN.test(line) ? DOUBLE_BYTE_PAGES : [];
  for (const page of [...SINGLE_BYTE_PAGES, ...double]) {
    const found = roundTrip(line, page, scripts);
    if (found !== null) return { at: found, what: `UTF-8 that was once read as ${page.name}` };
  }
  return (
    readAsWestern(line, scripts) ??
    readInOtherCyrillic(line, scripts) ??
    readInOtherLatin(line, scripts)
  );
}

/** The index of the first character that was UTF-8, or null. */
function roundTrip(line: string, page: CodePage, scripts: readonly WritingSystem[]): number | null {
  const { sequences, size } = sequencesIn(line, page);
  if (sequences.length === 0) return null;
  for (const script of scripts.filter(({ code }) => code !== 'Latn')) {
    const found = ofScript(sequences, size, page, script);
    if (found) return found.start;
  }
  const latin = line.match(/[a-z]/gi)?.length ?? 0;
  const isLatin = scripts.some(({ code }) => code === 'Latn') || latin > line.length / 2;
  return isLatin ? ofLatin(line, sequences, page) : null;
}

function ofScript(
  sequences: readonly Sequence[],
  size: number,
  page: CodePage,
  { code, letter }: WritingSystem,
): Sequence | null {
  const usual = USUAL[code] ?? letter;
  const good = sequences.filter(({ means }) => usual.test(means) || BETWEEN.test(means));
  const letters = good.filter(({ means }) => usual.test(means));
  const covered = good.reduce((sum, { means }) => sum + Buffer.byteLength(means), 0);
  // In a page of two bytes a character any two Chinese characters can come out as one; three in the same place do not.
  const enough = page.isDouble ? SURE : 2;
  const isWhole = page.isDouble && letters.length === 2 && covered === size;
  if ((letters.length >= enough || isWhole) && covered >= size * MIN_UTF8_SHARE)
    return letters[0] ?? null;
  let row: Sequence[] = [];
  for (const one of letters) {
    row = row.at(-1)?.end === one.start ? [...row, one] : [one];
    if (row.length > SURE) return row[0] ?? null;
  }
  return null;
}

/** How many bytes are beyond ASCII, and what among them is a character of UTF-8. */
function sequencesIn(line: string, page: CodePage): { sequences: Sequence[]; size: number } {
  const bytes: number[] = [];
  const places: number[] = [];
  let at = 0;
  let size = 0;
  for (const sign of line) {
    const isAscii = sign <= '\x7f';
    const own = isAscii ? [sign.charCodeAt(0)] : (page.bytesOf(sign) ?? [0]);
    for (const byte of own) {
      bytes.push(byte);
      places.push(at);
    }
    if (!isAscii) size += own.length;
    at += sign.length;
  }
  places.push(at);
  const sequences: Sequence[] = [];
  for (let index = 0; index < bytes.length; ) {
    const means = characterAt(bytes, index);
    const length = means === null ? 1 : Buffer.byteLength(means);
    if (means !== null) {
      sequences.push({ start: places[index] ?? 0, end: places[index + length] ?? at, means });
    }
    index += length;
  }
  return { sequences, size };
}

/** The character beyond ASCII whose UTF-8 begins there, or null. */
function characterAt(bytes: readonly number[], index: number): string | null {
  const lead = bytes[index] ?? 0;
  if (lead < 0xc2 || lead > 0xf4) return null;
  const length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  let code = lead & (0xff >> (length + 1));
  for (let next = index + 1; next < index + length; next += 1) {
    const byte = bytes[next] ?? 0;
    if (byte >> 6 !== 0b10) return null;
    code = (code << 6) | (byte & 0x3f);
  }
  const least = length === 2 ? 0x80 : length === 3 ? 0x800 : 0x10000;
  const isNone = code < least || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff);
  return isNone ? null : String.fromCodePoint(code);
}

const LATIN_MEANT = /[\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u017F\u0218-\u021B\u1E00-\u1EFF]/u;
const TYPOGRAPHY = /[\u2010-\u2027]/u;
const LOWER = /\p{Ll}/u;
const UPPER = /\p{Lu}/u;
/** Letters of other scripts, and what is in the place of letters in KOI8-R. */
const STRANGE = /(?!\p{sc=Latn})\p{L}|[\u2500-\u259F]/u;
/** What has no place within a word. */
const IN_NO_WORD = /[‰ˆ˜¨¬±´¸¤¦¯µ¼½¾ˇ˘˙˝˛¢£¥√≈ƒ∞∂∑∏π∫Ω]/u;
/** What can stand behind a capital at the end of a sentence, also where the blank behind it was forgotten. */
const AT_END = /[…’”»]/u;
const DASH = /\p{Pd}/u;

/** In Latin letters one wrong character in a sentence is usual, so each is looked at for whether a word can look like that. */
function ofLatin(line: string, sequences: readonly Sequence[], page: CodePage): number | null {
  let doubts = 0;
  for (const one of sequences) {
    doubts += doubtOf(line, one, page);
    if (doubts >= 2) return one.start;
  }
  return null;
}

/** 2: never written on purpose; 1: hardly ever. */
function doubtOf(line: string, { start, end, means }: Sequence, page: CodePage): 0 | 1 | 2 {
  const seen = line.slice(start, end);
  const before = line.slice(0, start).at(-1) ?? '';
  const after = line.slice(end).at(0) ?? '';
  const isBeside = /[a-z]/i.test(before) || /[a-z]/.test(after);
  if (TYPOGRAPHY.test(means)) return page.isDouble && !isBeside ? 0 : 2;
  if (!LATIN_MEANT.test(means)) return 0;
  const isAlone = !/\p{L}/u.test(before + after);
  if (STRANGE.test(seen)) {
    if (isBeside) return 2;
    if (page.isDouble) return 0;
    return isAlone && means <= '\u00FF' && !/[\p{Pd}\p{Pf}\p{Pi}]/u.test(seen) ? 2 : 1;
  }
  const [first = '', second = ''] = seen;
  if (IN_NO_WORD.test(first)) return /\p{L}/u.test(before + after) ? 2 : 1;
  if (!UPPER.test(first)) return 0;
  if (LOWER.test(before) || IN_NO_WORD.test(second)) return 2;
  if (isAlone && second === '\u00A0') return 2;
  if (LOWER.test(second) && UPPER.test(after)) return 2;
  if (!LOWER.test(after) || LOWER.test(second)) return 0;
  return AT_END.test(second) || (DASH.test(second) && UPPER.test(before)) ? 1 : 2;
}

/** The code pages that each script's files had before Unicode. */
const FORMER: Readonly<Record<string, readonly string[]>> = {
  ...{ Cyrl: ['windows-1251', 'koi8-u'], Arab: ['windows-1256'], Grek: ['windows-1253'] },
  ...{ Hebr: ['windows-1255'], Thai: ['windows-874'], Hans: ['gbk'], Hant: ['big5'] },
  ...{ Jpan: ['shift_jis', 'euc-jp'], Kore: ['euc-kr'] },
};
/** A word without one letter of ASCII. */
const WESTERN_WORD = /(?<![\p{L}\p{N}])[\u00A1-\u00FF]{4,}(?![\p{L}\p{N}])/gu;

/** `Ñâîáîäà`: a file in its script's own code page that was read as Windows-1252. */
function readAsWestern(line: string, scripts: readonly WritingSystem[]): Misreading | null {
  for (const { code, letter } of scripts) {
    for (const match of line.matchAll(WESTERN_WORD)) {
      const bytes = [...match[0]].map((sign) => sign.charCodeAt(0));
      if (bytes.filter((byte) => byte >= 0xc0).length < bytes.length / 2) continue;
      for (const label of FORMER[code] ?? []) {
        const read = [...decodePage(label, bytes)];
        if (read.some((sign) => !letter.test(sign))) continue;
        const name = new TextDecoder(label).encoding;
        return { at: match.index, what: `${name} that was once read as Windows-1252` };
      }
    }
  }
  return null;
}

const CYRILLIC_PAIRS: readonly (readonly [taken: string, written: string])[] = [
  ['Windows-1251', 'koi8-r'],
  ['KOI8-R', 'windows-1251'],
];
/** How often each letter is among 1,000 of Russian; the rare ones are left out. Ukrainian is near enough. */
const OFTEN: Readonly<Record<string, number>> = {
  ...{ о: 110, е: 85, а: 80, и: 74, н: 67, т: 63, с: 55, р: 47, в: 45, л: 44, к: 35, м: 32, д: 30 },
  ...{
    п: 28,
    у: 26,
    я: 20,
    ы: 19,
    ь: 17,
    г: 17,
    з: 16,
    б: 16,
    ч: 14,
    й: 12,
    х: 10,
    ж: 9,
    ш: 7,
    і: 57,
  },
};
/** A small letter before capitals alone: what a capitalised word becomes in a code page that has them the other way round. */
const TURNED_WORD = /(?<!\p{L})\p{Ll}\p{Lu}{3,}(?!\p{L})/u;
const CAPITALS = /^[^\p{Ll}]*\p{Lu}{6}[^\p{Ll}]*$/u;

/**
 * `уЧПВПДБ`: one Cyrillic code page read as another. What comes out is in Cyrillic letters, too, but capitals stand where none
 * do, and the letters that are usual are rare.
 */
function readInOtherCyrillic(line: string, scripts: readonly WritingSystem[]): Misreading | null {
  if (!scripts.some(({ code }) => code === 'Cyrl')) return null;
  const signs = [...line].filter((sign) => sign > '\x7f');
  const isTurned = TURNED_WORD.test(line) && signs.length >= 5;
  if (!isTurned && !(CAPITALS.test(line) && signs.length >= 12)) return null;
  for (const [taken, written] of CYRILLIC_PAIRS) {
    const page = SINGLE_BYTE_PAGES.find(({ name }) => name === taken);
    const read = decodePage(
      written,
      signs.flatMap((sign) => page?.bytesOf(sign) ?? [0]),
    );
    const lower = read.match(/[\u0430-\u045F\u0491]/gu)?.length ?? 0;
    const gain = usualness([...read]) / Math.max(1, usualness(signs));
    if (lower < signs.length / 2 || gain < (isTurned ? 1.3 : 1.5)) continue;
    const name = new TextDecoder(written).encoding;
    return { at: line.search(/\p{sc=Cyrl}/u), what: `${name} that was once read as ${taken}` };
  }
  return null;
}

function usualness(letters: readonly string[]): number {
  return letters.reduce((sum, letter) => sum + (OFTEN[letter.toLowerCase()] ?? 0), 0);
}
