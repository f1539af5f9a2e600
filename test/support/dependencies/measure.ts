import { existsSync, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../child.ts';
import type { Weight } from './facts.ts';
import type { Folder } from './lines.ts';

/** Weighs what is installed of these packages, which the lock file places; undefined where none is. */
export function weigh(folder: Folder, places: Iterable<string>): Weight | undefined {
  const installed = [...places]
    .map((place) => join(repository, folder, place))
    .filter((path) => existsSync(path));
  if (installed.length === 0) return undefined;
  const bytes = installed.reduce((sum, path) => sum + bytesBelow(path), 0);
  return { packages: installed.length, bytes };
}

/** The size of its files; packages that lie within it are counted for themselves. */
function bytesBelow(path: string): number {
  return readdirSync(path, { withFileTypes: true }).reduce((sum, entry) => {
    const inner = join(path, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' ? sum : sum + bytesBelow(inner);
    return sum + lstatSync(inner).size;
  }, 0);
}
