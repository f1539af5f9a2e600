import { packageOf } from '../arrows.ts';
import type { Module } from '../modules.ts';
import type { Folder, Line } from './lines.ts';
import { type Lock, peersOf, placeOf } from './lock.ts';
import type { Reasons } from './reason.ts';

/** How a line is used; where nothing is in either list it is not. */
export interface Use {
  /** Files of ours that import or name it, from the repository's top. */
  files: readonly string[];
  /** In words, where no file does: whose peer it is, or whose types they are. */
  through: readonly string[];
}

/** What the uses are found in. */
export interface Sources {
  lines: readonly Line[];
  modules: readonly Module[];
  reasons: Readonly<Record<Folder, Reasons>>;
  locks: Readonly<Record<Folder, Lock>>;
  /** The words of the commands in package.json. */
  words: ReadonlySet<string>;
}

/** The use of every line. */
export function usesOf(sources: Sources): Map<Line, Use> {
  const importers = importersOf(sources);
  const uses = new Map<Line, Use>();
  for (const line of sources.lines) {
    const files = [...(importers.get(keyOf(line)) ?? []), ...namedIn(line, sources)];
    uses.set(line, { files: [...new Set(files)].sort(), through: typesFor(line, importers) });
  }
  for (const line of sources.lines) {
    const asking = peerOf(line, sources).filter((one) => isUsed(uses.get(one)));
    const through = asking.map(({ name }) => `\`${name}\` asks for it`);
    const use = uses.get(line);
    if (use && !isUsed(use)) uses.set(line, { ...use, through });
  }
  return uses;
}

export function isUsed(use: Use | undefined): boolean {
  return use !== undefined && use.files.length + use.through.length > 0;
}

/** The line that an import is of: that of the importing file's own package.json, else the repository's. */
export function keyOf({ folder, name }: Pick<Line, 'folder' | 'name'>): string {
  return `${folder} ${name}`;
}

/** Files by the line that they import, in whatever form; `node:` modules are under `node`. */
function importersOf({ lines, modules }: Sources): Map<string, string[]> {
  const known = new Set(lines.map(keyOf));
  const found = new Map<string, string[]>();
  for (const { path, imports } of modules) {
    for (const { specifier } of imports) {
      const name = specifier.startsWith('node:') ? 'node' : packageOf(specifier);
      if (name === null) continue;
      const own = lines.find((line) => line.folder !== '' && path.startsWith(`${line.folder}/`));
      const inner = own ? keyOf({ folder: own.folder, name }) : '';
      const key = known.has(inner) ? inner : keyOf({ folder: '', name });
      found.set(key, [...(found.get(key) ?? []), path]);
    }
  }
  return found;
}

/** The file that its reason tells of, and package.json where a command starts it. */
function namedIn(line: Line, { reasons, locks, words }: Sources): string[] {
  const named = reasons[line.folder][line.name]?.namedIn;
  const programs = Object.keys(locks[line.folder].get(placeOf(line.name))?.bin ?? {});
  const isStarted = line.folder === '' && programs.some((one) => words.has(one));
  return [...(named === undefined ? [] : [named]), ...(isStarted ? ['package.json'] : [])];
}

function typesFor({ folder, name }: Line, importers: ReadonlyMap<string, string[]>): string[] {
  if (!name.startsWith('@types/')) return [];
  const typed = name.slice('@types/'.length);
  return importers.has(keyOf({ folder, name: typed })) ? [`types of \`${typed}\``] : [];
}

/** The lines whose package has to have this one beside it. */
function peerOf(line: Line, { lines, locks }: Sources): Line[] {
  return lines.filter((other) => {
    const locked = locks[other.folder].get(placeOf(other.name));
    return other.folder === line.folder && locked && peersOf(locked).includes(line.name);
  });
}
