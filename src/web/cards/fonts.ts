import { readFileSync } from 'node:fs';
import type { Renderer } from '@takumi-rs/core';
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

/** A renderer that knows the house's faces, and which characters they have. */
export interface CardFonts {
  renderer: Renderer;
  /** Whether this face can show the character. */
  shows(face: Face, character: string): boolean;
}

/** Reads every cut once; some 250 KB. */
export async function loadFonts(): Promise<CardFonts> {
  // Eight megabytes of machine code, for those who draw.
  const { Renderer } = await import('@takumi-rs/core');
  const renderer = new Renderer();
  const coverage = new Map<Face, Ranges>();
  for (const face of Object.keys(FACES) as Face[]) {
    const ranges: (readonly [number, number])[] = [];
    for (const name of filesOf(face)) {
      const data = readFileSync(`${assetsDir}/fonts/${name}.woff2`);
      // What a cut of another alphabet has already is left to that.
      const own = coverageOf(data).filter(([from]) => !covers(ranges, from));
      await renderer.registerFont({
        name: face,
        data,
        weight: 400,
        style: 'normal',
        unicodeRange: own.map(([from, to]) => [from, to]),
      });
      ranges.push(...own);
    }
    coverage.set(face, ranges);
  }
  return {
    renderer,
    shows: (face, character) => covers(coverage.get(face) ?? [], character.codePointAt(0) ?? 0),
  };
}

function filesOf(face: Face): string[] {
  const { file, subsets, arabic } = FACES[face];
  return [...subsets.map((subset) => `${file}-${subset}`), arabic];
}
