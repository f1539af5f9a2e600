/** Letters that look like Latin ones, and those, in the same order. */
const ALPHABETS: readonly (readonly [script: string, letters: string, latin: string])[] = [
  ['Cyrillic', 'аеорсухіјѕԁһкмтӏԛԝ', 'aeopcyxijsdhkmtlqw'],
  ['Cyrillic', 'АВЕКМНОРСТХУІЈЅ', 'ABEKMHOPCTXYIJS'],
  ['Greek', 'ονρικτυχα', 'ovpiktuxa'],
  ['Greek', 'ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ', 'ABEZHIKMNOPTYX'],
];

/** A word with letters of another script in place of Latin ones that look the same. */
export interface Lookalike {
  /** The word in Latin letters. */
  latin: string;
  /** The first of those letters, by its script and code: `its "е" is the Cyrillic letter U+0435`. */
  says: string;
}

/** Null for a word of Latin letters, and for one with a letter that looks like none of them. */
export function lookalikeIn(word: string): Lookalike | null {
  let first: string | null = null;
  let latin = '';
  for (const sign of word) {
    const found = latinFor(sign);
    if (found === null && sign > '\u007f') return null;
    if (found !== null) {
      const code = (sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
      first ??= `its "${sign}" is the ${found.script} letter U+${code}`;
    }
    latin += found?.latin ?? sign;
  }
  return first === null ? null : { latin, says: first };
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
