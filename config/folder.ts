import { lstatSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a folder and those above it that are missing, for its owner alone. Not by `recursive: true`, with which Node tries for ever where the
 * parent is there and a folder in it can never be, as in /proc.
 * @throws the system's error; {@link explainFolder} says it for people.
 */
export function makeFolder(path: string): void {
  try {
    makeOne(path);
  } catch (error) {
    const parent = dirname(path);
    if (codeOf(error) !== 'ENOENT' || parent === path) throw error;
    makeFolder(parent);
    makeOne(path);
  }
}

function makeOne(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if (!isFolder(path)) throw error;
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? '';
}

const OTHER_FOLDER = 'choose a folder that this user may write, such as /var/lib/tocsin';

/** A folder that this process needs. */
export interface NeededFolder {
  path: string;
  /** The variable that names it. */
  variable: string;
  /** What makes that matter, and what else would help: go before and behind the mend. */
  and?: string;
  or?: string;
}

/** Why a folder cannot be made or written, and the mend, in one line: `DATA_DIR: /proc/x cannot be written (…); choose …`. */
export function explainFolder(folder: NeededFolder, error: unknown): string {
  const { path, variable, and = '', or = '' } = folder;
  const [why, mend] = reasonOf(path, error);
  return `${variable}: ${path} cannot be written (${why})${and}; ${mend}${or}`;
}

function reasonOf(path: string, error: unknown): [why: string, mend: string] {
  const { message } = error as Error;
  switch (codeOf(error)) {
    case 'ENOENT':
      return [`no folder can be made there: ${message}`, OTHER_FOLDER];
    case 'ENOTDIR':
      return [`a part of that path is a file: ${message}`, OTHER_FOLDER];
    case 'EEXIST':
      return reasonOfTaken((error as NodeJS.ErrnoException).path ?? path);
    case 'ELOOP':
      return ['its links lead in a circle', OTHER_FOLDER];
    case 'ENAMETOOLONG':
      return ['a name in it is too long', 'choose a shorter path, such as /var/lib/tocsin'];
    case 'EROFS':
      return [`it is on a read-only file system: ${message}`, OTHER_FOLDER];
    case 'ENOSPC':
    case 'EDQUOT':
      return [
        `the disk is full: ${message}`,
        'make room there, or choose a folder on another disk',
      ];
    default:
      return [message, OTHER_FOLDER];
  }
}

/** The name is taken, by something that is no folder: of the folder itself, or of one above it. */
function reasonOfTaken(path: string): [why: string, mend: string] {
  const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink();
  if (!isLink) return [`${path} is a file, not a folder`, OTHER_FOLDER];
  const mend = `make the folder that it leads to, or ${OTHER_FOLDER}`;
  return [`${path} is a link that leads to no folder`, mend];
}
