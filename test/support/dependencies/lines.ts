import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../child.ts';

/** The folders that have a package.json and a lock file, from the repository's top; '' is the top itself. */
export const FOLDERS = ['', 'test/peers', 'test/mutation'] as const;
export type Folder = (typeof FOLDERS)[number];

const KINDS = ['dependencies', 'optionalDependencies', 'devDependencies'] as const;
type Kind = (typeof KINDS)[number];

/** One line of a package.json: a package of npm's, and the one version of it that is taken. */
export interface Line {
  folder: Folder;
  kind: Kind;
  name: string;
  version: string;
}

/** What is read of a package.json. */
interface Manifest extends Partial<Record<Kind, Record<string, string>>> {
  scripts?: Record<string, string>;
  overrides?: Record<string, string>;
}

/** The lines of a folder's package.json, in its order. */
export function readLines(folder: Folder): Line[] {
  const manifest = readManifest(folder);
  return KINDS.flatMap((kind) =>
    Object.entries(manifest[kind] ?? {}).map(([name, version]) => ({
      ...{ folder, kind, name, version },
    })),
  );
}

/** The words of the repository's own commands, such as `biome` of `biome ci .`. */
export function scriptWords(): Set<string> {
  return new Set(Object.values(readManifest('').scripts ?? {}).flatMap((one) => one.split(/\s+/)));
}

/** The versions that are taken of packages which others bring, whatever these ask for. */
export function readOverrides(): Record<string, string> {
  return readManifest('').overrides ?? {};
}

/** Whether an installation for production has it: what an instance needs to run. */
export function isForProduction({ folder, kind }: Pick<Line, 'folder' | 'kind'>): boolean {
  return folder === '' && kind !== 'devDependencies';
}

/** The lines that are there anyway: for production only those of production. */
export function othersOf(line: Line, lines: readonly Line[]): string[] {
  return lines
    .filter((one) => one.folder === line.folder && one.name !== line.name)
    .filter((one) => isForProduction(one) || !isForProduction(line))
    .map(({ name }) => name);
}

function readManifest(folder: Folder): Manifest {
  return JSON.parse(readFileSync(join(repository, folder, 'package.json'), 'utf8')) as Manifest;
}
