/** Letters that look like Latin ones, and those, in the same order. */
const ALPHABETS: readonly (readonly [script: string, letters: string, latin: string])[] = [
  ['Cyrillic', 'аеорсухіјѕԁһкмтӏԛԝѵү', 'aeopcyxijsdhkmtlqwvy'],
  ['Cyrillic', 'АВЕКМНОРСТХУІЈЅ', 'ABEKMHOPCTXYIJS'],
  ['Greek', 'ονρικτυχα', 'ovpiktuxa'],
  ['Greek', 'ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ', 'ABEZHIKMNOPTYX'],
  ['Armenian', 'հոսցօզյ', 'hnugoqj'],
  ['Cherokee', 'ᎪᎠᎬᎻᎥᎫᏦᏞᎷᏢᎡᏚᎢᏙᎳᏃᏟᏴᎩᎵᎰ', 'ADEHiJKLMPRSTVWZCByPE'],
  ['phonetic', 'ɑɡ', 'ag'],
];

/** A word with letters of another script in place of Latin ones that look the same. */
export interface Lookalike {
  /** The word in Latin letters. */
  latin: string;
  /** The first of those letters, by its script and code: `its "е" is the Cyrillic letter U+0435`. */
  description: string;
}

/** Null for a word of Latin letters, with or without marks, and for one with a letter that looks like none of them. */
export function lookalikeIn(word: string): Lookalike | null {
  let first: string | null = null;
  let latin = '';
  for (const sign of word) {
    const found = latinFor(sign);
    if (found === null && sign > '\u007f' && !/[\p{Script=Latin}\p{M}]/u.test(sign)) return null;
    if (found !== null) {
      const code = (sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
      first ??= `its "${sign}" is the ${found.script} letter U+${code}`;
    }
    latin += found?.latin ?? sign;
  }
  return first === null ? null : { latin, description: first };
}

/** Letters of mathematics in place of bold or italics, ligatures, and forms of Arabic letters as a PDF has them. */
const DRESSED = /[\u{1D400}-\u{1D7CB}\uFB00-\uFB06\uFB13-\uFB17\uFB50-\uFDF1\uFE70-\uFEFC]/u;

/** In Latin letters, with an ending in Cyrillic ones, as in `SMSка`. */
const ABBREVIATION = /^[A-Z]{2,}[\p{Script=Cyrillic}]+$/u;

/**
 * The first word of a text that mixes letters of two scripts that look alike, as a typing error or a converter leaves them; in words.
 * It is shown as it was meant and found by no search.
 */
export function mixedWord(text: string): string | null {
  for (const [word] of text.matchAll(/[\p{L}\p{M}]+/gu)) {
    const dressed = DRESSED.exec(word)?.[0];
    if (dressed !== undefined) {
      const code = (dressed.codePointAt(0) ?? 0).toString(16).toUpperCase();
      return `"${word}" holds "${dressed}", U+${code}, which is made for the eye alone: searches, hashtags and screen readers take it for another letter; write "${word.normalize('NFKC')}"`;
    }
    if (ABBREVIATION.test(word)) continue;
    const latin = /\p{Script=Latin}/u.test(word) ? lookalikeIn(word) : null;
    if (latin)
      return `"${word}" is not in Latin letters alone: ${latin.description}; type the word again`;
    const strange = latinInCyrillic(word);
    if (strange) {
      return `"${word}" is not in Cyrillic letters alone: its "${strange}" is a Latin letter; type the word again`;
    }
  }
  return null;
}

/** A Latin letter within a Cyrillic word. */
function latinInCyrillic(word: string): string | null {
  const latin = word.match(/\p{Script=Latin}/gu) ?? [];
  if (!/\p{Script=Cyrillic}/u.test(word) || !/^[aceopxyiABCEHKMOPTX]+$/.test(latin.join('')))
    return null;
  return latin[0] ?? null;
}

function latinFor(sign: string): { latin: string; script: string } | null {
  for (const [script, letters, latin] of ALPHABETS) {
    const index = [...letters].indexOf(sign);
    if (index >= 0) return { latin: latin[index] ?? '', script };
  }
  const narrow = sign.normalize('NFKC');
  return sign > '\uff00' && /^[A-Za-z]$/.test(narrow)
    ? { latin: narrow, script: 'full-width' }
    : null;
}
