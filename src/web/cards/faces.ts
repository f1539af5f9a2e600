import { readFileSync } from 'node:fs';
import { assetsDir } from '../assets.ts';
import { coverageOf, covers, type Ranges } from './coverage.ts';

/** Where the cuts lie whose file begins with this, and in which alphabets there are any. */
const FACES = {
  display: {
    file: 'alegreya-sans-black',
    subsets: ['latin', 'latin-ext', 'cyrillic'],
    arabic: 'tajawal-black-arabic',
  },
  text: {
    file: 'alegreya-regular',
    subsets: ['latin', 'latin-ext', 'cyrillic'],
    arabic: 'tajawal-regular-arabic',
  },
} as const;

export type Face = keyof typeof FACES;
export const FACE_NAMES = Object.keys(FACES) as readonly Face[];

/** One cut of a face, with the characters that are its own: what a cut of another alphabet has already is left to that. */
export interface FontCut {
  data: Buffer;
  own: Ranges;
}

const known = new Map<Face, readonly FontCut[]>();

/** A face's cuts, read once; both faces are some 250 KB. */
export function fontCuts(face: Face): readonly FontCut[] {
  const cuts = known.get(face) ?? readCuts(face);
  known.set(face, cuts);
  return cuts;
}

function readCuts(face: Face): FontCut[] {
  const ranges: (readonly [number, number])[] = [];
  return filesOf(face).map((name) => {
    const data = readFileSync(`${assetsDir}/fonts/${name}.woff2`);
    const own = coverageOf(data).filter(([from]) => !covers(ranges, from));
    ranges.push(...own);
    return { data, own };
  });
}

function filesOf(face: Face): string[] {
  const { file, subsets, arabic } = FACES[face];
  return [...subsets.map((subset) => `${file}-${subset}`), arabic];
}

/** Whether this face has a glyph for the character. */
export function shows(face: Face, character: string): boolean {
  const point = character.codePointAt(0) ?? 0;
  return fontCuts(face).some(({ own }) => covers(own, point));
}

/** Letters, marks and numbers; not what only says how an emoji looks. */
const OF_WORDS = /(?!\p{Variation_Selector}|\u20e3)[\p{L}\p{M}\p{N}]/gu;

/**
 * Whether this face has every letter, mark and number of the text. A title without some of its letters is another title: the faces
 * have Arabic but not all of Persian, Cyrillic but not all of Kazakh.
 */
export function showsAll(face: Face, text: string): boolean {
  const read = text.normalize('NFC').match(OF_WORDS) ?? [];
  return read.length > 0 && read.every((character) => shows(face, character));
}
