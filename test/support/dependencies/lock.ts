import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../child.ts';
import type { Folder } from './lines.ts';

/** What a lock file says of one package; docs.npmjs.com/cli/configuring-npm/package-lock-json. */
export interface Locked {
  version: string;
  license?: string;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  peerDependenciesMeta?: Record<string, { optional?: boolean }>;
  bin?: Record<string, string>;
}

/** Packages by where they lie, such as node_modules/a/node_modules/b. */
export type Lock = ReadonlyMap<string, Locked>;

export function readLock(folder: Folder): Lock {
  const text = readFileSync(join(repository, folder, 'package-lock.json'), 'utf8');
  const { packages } = JSON.parse(text) as { packages: Record<string, Locked> };
  return new Map(Object.entries(packages).filter(([path]) => path !== ''));
}

/** Where the package of a line lies. */
export function placeOf(name: string): string {
  return `node_modules/${name}`;
}

/**
 * Where everything lies that these lines bring, they themselves included. What a package wants as a peer is a line of its own here,
 * and is not followed.
 */
export function broughtBy(lock: Lock, names: readonly string[]): Set<string> {
  const found = new Set<string>();
  const open = names.map(placeOf);
  for (const path of open) {
    const locked = lock.get(path);
    if (!locked || found.has(path)) continue;
    found.add(path);
    const wanted = { ...locked.dependencies, ...locked.optionalDependencies };
    for (const name of Object.keys(wanted)) {
      const place = resolved(lock, path, name);
      if (place !== null) open.push(place);
    }
  }
  return found;
}

/** Where this line's package lies, and all that would go with it if the others stayed. */
export function broughtOnlyBy(lock: Lock, name: string, others: readonly string[]): Set<string> {
  const stays = broughtBy(lock, others);
  const goes = [...broughtBy(lock, [name])].filter((path) => !stays.has(path));
  return new Set([placeOf(name), ...goes]);
}

/** Those of the other lines that would bring this one's package too. */
export function alsoBroughtBy(lock: Lock, name: string, others: readonly string[]): string[] {
  return others.filter((other) => other !== name && broughtBy(lock, [other]).has(placeOf(name)));
}

/** The packages that this one has to have beside it. */
export function peersOf({ peerDependencies = {}, peerDependenciesMeta = {} }: Locked): string[] {
  return Object.keys(peerDependencies).filter((name) => !peerDependenciesMeta[name]?.optional);
}

/** As Node looks for a package: in the folder's own node_modules, then in those above it. Null: it is not installed. */
function resolved(lock: Lock, from: string, name: string): string | null {
  const place = from === '' ? placeOf(name) : `${from}/${placeOf(name)}`;
  if (lock.has(place)) return place;
  if (from === '') return null;
  const above = from.slice(0, Math.max(0, from.lastIndexOf('node_modules/') - 1));
  return resolved(lock, above, name);
}
