import { join } from 'node:path';

/** This code runs from dist/ itself; what runs it from its sources, as tests do, takes the programs from there, too. */
const DIST = import.meta.url.endsWith('.ts')
  ? join(import.meta.dirname, '..', 'dist')
  : import.meta.dirname;

/** The path of a program in dist/, by its name in PROGRAMS of `src/build/build.mjs`. */
export function builtProgram(name: 'main' | 'simulator' | 'tocsin'): string {
  return join(DIST, `${name}.js`);
}

/** The repository's top folder; in the image, the folder of the application. */
export const TOP = join(DIST, '..');
