import type { Renderer } from '@takumi-rs/core';
import { FACE_NAMES, type Face, fontCuts, shows } from './faces.ts';

/** A renderer that knows the house's faces, and which characters they have. */
export interface CardFonts {
  renderer: Renderer;
  /** Whether this face can show the character. */
  shows(face: Face, character: string): boolean;
}

/** Gives every cut to a renderer. */
export async function loadFonts(): Promise<CardFonts> {
  // Eight megabytes of machine code, for those who draw.
  const { Renderer } = await import('@takumi-rs/core');
  const renderer = new Renderer();
  for (const face of FACE_NAMES) {
    for (const { data, own } of fontCuts(face)) {
      await renderer.registerFont({
        name: face,
        data,
        weight: 400,
        style: 'normal',
        unicodeRange: own.map(([from, to]) => [from, to]),
      });
    }
  }
  return { renderer, shows };
}
