import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../child.ts';
import { readModules } from '../modules.ts';
import { type Facts, readFacts } from './facts.ts';
import { FOLDERS, type Folder, type Line, readLines, readOverrides, scriptWords } from './lines.ts';
import { type Lock, readLock } from './lock.ts';
import type { Reasons } from './reason.ts';
import { DEVELOPMENT, MUTATION, PEERS } from './reasons-development.ts';
import { OVERRIDES, PRODUCTION } from './reasons-production.ts';
import { type Sources, type Use, usesOf } from './uses.ts';

/** All that is known of the packages that this repository takes. */
export interface Survey extends Sources {
  uses: ReadonlyMap<Line, Use>;
  facts: Facts;
  /** What is taken of packages that others bring, and why. */
  overrides: Readonly<Record<string, string>>;
  overrideReasons: Readonly<Record<string, string>>;
  /** A file's text, by its path from the repository's top; null where there is no such file. */
  textOf(path: string): string | null;
}

const REASONS: Readonly<Record<Folder, Reasons>> = {
  '': { ...PRODUCTION, ...DEVELOPMENT },
  'test/peers': PEERS,
  'test/mutation': MUTATION,
};

/** Reads the repository as it is. */
export function survey(): Survey {
  const sources: Sources = {
    lines: FOLDERS.flatMap(readLines),
    modules: readModules(ourCode()),
    reasons: REASONS,
    locks: Object.fromEntries(FOLDERS.map((one) => [one, readLock(one)])) as Record<Folder, Lock>,
    words: scriptWords(),
  };
  return {
    ...sources,
    uses: usesOf(sources),
    facts: readFacts(),
    overrides: readOverrides(),
    overrideReasons: OVERRIDES,
    textOf,
  };
}

function textOf(path: string): string | null {
  const file = join(repository, path);
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
}

/** Every file of ours that is code, the tests included, by its path. */
function ourCode(): Map<string, string> {
  const paths = ['config', 'src', 'workers', 'test'].flatMap((root) => filesBelow(root));
  const code = paths.filter((path) => /\.[cm]?[jt]sx?$/.test(path));
  return new Map(code.map((path) => [path, readFileSync(join(repository, path), 'utf8')]));
}

function filesBelow(folder: string): string[] {
  return readdirSync(join(repository, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (!entry.isDirectory()) return [path];
    return entry.name === 'node_modules' ? [] : filesBelow(path);
  });
}
