import { decodePage, SINGLE_BYTE_PAGES } from './code-pages.ts';
import type { WritingSystem } from './scripts.ts';

/** What a line of a text was once taken for. */
export interface Misreading {
  /** UTF-16 index within the line. */
  at: number;
  /** `UTF-8 that was once read as Windows-1251`. */
  what: string;
}

const CENTRAL = ['windows-1250', 'iso-8859-2'];
const BALTIC = ['windows-1257', 'iso-8859-13', 'iso-8859-4'];
const TURKISH = ['windows-1254', 'iso-8859-3'];
const WESTERN = ['windows-1252', 'macintosh'];

/** What a language writes beyond the letters of ASCII, in small letters, and the code pages that its files had before Unicode. */
const ALPHABETS: Readonly<Record<string, readonly [letters: string, pages: readonly string[]]>> = {
  pl: ['ąćęłńóśźż', CENTRAL],
  cs: ['áčďéěíňóřšťúůýž', CENTRAL],
  sk: ['áäčďéíĺľňóôŕšťúýž', CENTRAL],
  hu: ['áéíóöőúüű', CENTRAL],
  ro: ['âăîșțşţ', CENTRAL],
  sl: ['čšž', CENTRAL],
  ...hasLetters('čćđšž', 'hr bs sr'),
  tr: ['çğıİöşüâîû', TURKISH],
  az: ['çəğıİöşü', TURKISH],
  lt: ['ąčęėįšųūž', BALTIC],
  lv: ['āčēģīķļņšūž', BALTIC],
  et: ['äöõüšž', BALTIC],
  mt: ['ċġħżàèìòù', ['iso-8859-3']],
  eo: ['ĉĝĥĵŝŭ', ['iso-8859-3']],
  cy: ['âêîôûŵŷáéíóúẃýàèìòùẁỳäëïöüẅÿ', ['iso-8859-14', ...WESTERN]],
  de: ['äöüß', WESTERN],
  fr: ['àâçéèêëîïôùûüÿœæ', WESTERN],
  es: ['áéíóúüñ', WESTERN],
  pt: ['áâãàçéêíóôõúü', WESTERN],
  it: ['àèéìòù', WESTERN],
  ca: ['àçéèíïóòúü', WESTERN],
  nl: ['äëïöüéèêáíóú', WESTERN],
  sv: ['åäöéü', WESTERN],
  fi: ['åäöšž', WESTERN],
  da: ['æøåéü', WESTERN],
  ...hasLetters('æøåéèêóòôüäö', 'nb nn no', WESTERN),
  is: ['áðéíóúýþæö', WESTERN],
};

function hasLetters(letters: string, languages: string, pages = CENTRAL) {
  return Object.fromEntries(
    languages.split(' ').map((language) => [language, [letters, pages] as const]),
  );
}

/** A word, with what code pages put in the place of letters. Quotation marks, dots and dashes end it. */
const WORD = /[\p{L}\p{M}\p{N}\p{S}\u00A1-\u00BF\u2020\u2021\u2030]+/gu;
/** At least this many different misread letters, in more than one word, cannot be foreign names. */
const MIN_KINDS = 3;
/** One kind less is enough in this many words, or where one of the characters is no letter at all. */
const MIN_WORDS = 4;
/** What people read such files with. */
const TAKEN = SINGLE_BYTE_PAGES.filter(({ name }) =>
  ['Windows-1252', 'Mac Roman', 'code page 437', 'code page 850'].includes(name),
);

/**
 * `Bêdziemy ¿¹daæ`: a file in one code page of Latin letters that was read in another. What comes out is in Latin letters, too, but
 * those that the language writes are none of them, and those that it does not write are there in their place.
 */
export function readInOtherLatin(
  line: string,
  scripts: readonly WritingSystem[],
): Misreading | null {
  const expected = scripts.filter(({ code }) => code === 'Latn');
  if (expected.every(({ language }) => !ALPHABETS[language])) return null;
  const words = [...line.matchAll(WORD)].filter(([word]) => /[^\0-\x7f]/.test(word));
  // A line in another of the languages that are expected there is in order.
  const isUsual = lettersOf(
    expected.map(({ language }) => ALPHABETS[language]?.[0] ?? '').join(''),
  );
  const strange = new Set(words.flatMap(([word]) => signsIn(word).filter((one) => !isUsual(one))));
  if (strange.size < MIN_KINDS - 1) return null;
  for (const { language } of expected) {
    const [letters = '', pages = []] = ALPHABETS[language] ?? [];
    const isOwn = lettersOf(letters);
    for (const { name, bytesOf } of TAKEN) {
      for (const page of pages) {
        const table = tableOf(page);
        const becomes = (sign: string): boolean =>
          isOwn(table[(bytesOf(sign)?.[0] ?? 0) - 0x80] ?? '');
        if ([...strange].filter(becomes).length < MIN_KINDS - 1) continue;
        const at = firstMeant(words, isUsual, becomes);
        if (at === null) continue;
        return { at, what: `${new TextDecoder(page).encoding} that was once read as ${name}` };
      }
    }
  }
  return null;
}

/** Whether a sign is one of these small letters or its capital. */
function lettersOf(letters: string): (sign: string) => boolean {
  const known = new Set([...letters]);
  return (sign) => known.has(sign) || known.has(sign.toLowerCase());
}

const tables = new Map<string, readonly string[]>();

/** What bytes 0x80 to 0xFF are in a code page; asked for each letter of a text. */
function tableOf(page: string): readonly string[] {
  const known = tables.get(page);
  if (known) return known;
  const table = Array.from({ length: 0x80 }, (_, index) => decodePage(page, [0x80 + index]));
  tables.set(page, table);
  return table;
}

function signsIn(word: string): string[] {
  return [...word].filter((sign) => sign > '\x7f');
}

/** Where the first word begins that is one of the language only when it is read anew; null where that is not so of all of them. */
function firstMeant(
  words: readonly RegExpExecArray[],
  isUsual: (sign: string) => boolean,
  becomes: (sign: string) => boolean,
): number | null {
  const kinds = new Set<string>();
  const mended: number[] = [];
  let strange = 0;
  for (const { 0: word, index } of words) {
    // A mark that stands alone, or only behind digits, is no letter that was misread.
    if (!/[a-z]/i.test(word)) continue;
    const signs = signsIn(word);
    const good = signs.filter((sign) => !isUsual(sign) && becomes(sign));
    if (signs.some((sign) => isUsual(sign) && !becomes(sign))) return null;
    // A foreign name is none of the language before or after.
    if (signs.some((sign) => !becomes(sign))) strange += 1;
    else if (good.length > 0) mended.push(index);
    for (const sign of good) kinds.add(sign.toLowerCase());
  }
  const isSure = mended.length >= MIN_WORDS || [...kinds].some((sign) => !/\p{L}/u.test(sign));
  const isEnough =
    kinds.size >= (isSure ? MIN_KINDS - 1 : MIN_KINDS) && mended.length > strange + 1;
  return isEnough ? (mended[0] ?? null) : null;
}
