import { createBoundedMemo } from '../bounded-memo.ts';

/** The letters that a locale is written in. */
export interface WritingSystem {
  /** Of the locale, as BCP 47 has it: uk. */
  language: string;
  /** ISO 15924: Cyrl, or Latn. */
  code: string;
  /** In English: Cyrillic. */
  name: string;
  /** One letter of it. */
  letter: RegExp;
}

/** What scripts of ISO 15924 that are mixed of several, or kinds of one, are in Unicode. */
const MADE_OF: Readonly<Record<string, readonly string[]>> = {
  ...{ Hans: ['Han'], Hant: ['Han'], Jpan: ['Hira', 'Kana', 'Han'], Hrkt: ['Hira', 'Kana'] },
  ...{ Kore: ['Hang', 'Han'], Aran: ['Arab'], Latf: ['Latn'], Latg: ['Latn'], Cyrs: ['Cyrl'] },
};
const NAMES = new Intl.DisplayNames('en', { type: 'script' });

/** The script of a locale, by CLDR where the locale does not say it; null where Unicode has no letters of that name. */
export function findWritingSystem(locale: string): WritingSystem | null {
  return known(locale, () => find(locale));
}

const known = createBoundedMemo<WritingSystem | null>(200);

function find(locale: string): WritingSystem | null {
  const { language, script: code = '' } = new Intl.Locale(locale).maximize();
  const parts = MADE_OF[code] ?? [code];
  try {
    const letter = new RegExp(
      `(?=[\\p{L}\\p{M}])[${parts.map((part) => `\\p{scx=${part}}`).join('')}]`,
      'u',
    );
    return { language, code, name: NAMES.of(code) ?? code, letter };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return null;
  }
}
