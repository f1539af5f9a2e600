import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { FOLDERS, type Folder } from './lines.ts';

/** What was found out about the version of a package that is taken. Dates as in 2026-11-30. */
export interface Fact {
  version: string;
  released: string;
  latest: string;
  latestReleased: string;
  /** Of it and of what only it brings, where that was installed. */
  weight?: Weight;
}

/** What lies on the disk. */
export interface Weight {
  packages: number;
  bytes: number;
}

/** What is known of one folder's packages. */
interface FolderFacts {
  lines: Record<string, Fact>;
  /** Of all that is installed with it. */
  whole?: Weight;
}

/** What `npm run survey:dependencies` found out, kept beside it, so that the page can be written without a network. */
export interface Facts {
  /** The day on which the registry was asked. */
  asked: string;
  /** The system on which packages were weighed, as in linux x64. */
  system: string;
  /** Of what an installation for production has. */
  production?: Weight;
  folders: Record<Folder, FolderFacts>;
}

const file = fileURLToPath(new URL('./facts.json', import.meta.url));

export function readFacts(): Facts {
  return JSON.parse(readFileSync(file, 'utf8')) as Facts;
}

export function writeFacts(facts: Facts): void {
  writeFileSync(file, `${JSON.stringify(facts, null, 2)}\n`);
}

export function noFacts(): Facts {
  const folders = Object.fromEntries(FOLDERS.map((folder) => [folder, { lines: {} }]));
  return { asked: '', system: '', folders: folders as Facts['folders'] };
}
