import {
  accessSync,
  closeSync,
  constants,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  statSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { newMasterKey, secretsText } from './secrets.ts';

/** The secrets lie where this process may not write, such as on a read-only mount. */
export class SecretsNotWritable extends Error {
  override readonly name = 'SecretsNotWritable';
}

/** Whether a changed file can be put in the place of this one, as far as can be seen without trying. */
export function mayReplaceSecrets(path: string): boolean {
  try {
    const real = realpathSync(path);
    accessSync(real, constants.W_OK);
    accessSync(dirname(real), constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Passed between two steps, so that a test can end the process there. */
export type PassStep = (step: 'draft-written' | 'renamed') => void;

type Raw = Record<string, unknown>;

/** Where a changed file goes: in the place of the one it was made of, or elsewhere, for the operator to put there. */
export interface SecretsTarget {
  path: string;
  out?: string;
  pass?: PassStep;
}

/** Puts a second master key beside the present one, unless there is one. @throws SecretsNotWritable; the file is as it was then. */
export function addNextMasterKey(target: SecretsTarget): void {
  const raw = readSecretsText(target.path);
  if (raw.nextMasterKeyId !== undefined && target.out === undefined) return;
  const { masterKeyId, masterKey } = newMasterKey();
  writeSecretsText(target, { nextMasterKeyId: masterKeyId, nextMasterKey: masterKey, ...raw });
}

/** Leaves the second master key only, in the place of the first. @throws SecretsNotWritable; the file is as it was then. */
export function dropOldMasterKey(target: SecretsTarget): void {
  const { nextMasterKeyId, nextMasterKey, ...raw } = readSecretsText(target.path);
  if (nextMasterKeyId === undefined) return;
  writeSecretsText(target, { ...raw, masterKeyId: nextMasterKeyId, masterKey: nextMasterKey });
}

function readSecretsText(path: string): Raw {
  return JSON.parse(readFileSync(path, 'utf8')) as Raw;
}

/** Errors of a file that may be read and not be put in another's place: permissions, read-only, mounted by itself. */
const NOT_WRITABLE = ['EACCES', 'EPERM', 'EROFS', 'EBUSY', 'ENOENT', 'EEXIST'];

function writeSecretsText({ path, out, pass }: SecretsTarget, raw: Raw): void {
  try {
    if (out === undefined) replaceFile(realpathSync(path), secretsText(raw), pass);
    else writeFileSync(out, secretsText(raw), { mode: 0o600, flush: true, flag: 'wx' });
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    if (!NOT_WRITABLE.includes(code)) throw error;
    throw new SecretsNotWritable(`${out ?? path} cannot be written (${message})`);
  }
}

/**
 * Puts a text in the place of a file, whole or not at all, and on the disk before this returns. The bytes of the old file are
 * overwritten where they lay; a disk that writes elsewhere than it is told, as flash does, keeps them for a while all the same.
 */
function replaceFile(path: string, text: string, pass: PassStep = () => {}): void {
  const old = openSync(path, 'r+');
  removeDrafts(path);
  const draft = `${path}.${process.pid}`;
  try {
    const { size, mode } = statSync(path);
    writeFileSync(draft, text, { mode: mode & 0o777, flush: true });
    pass('draft-written');
    try {
      renameSync(draft, path);
    } catch (error) {
      unlinkSync(draft);
      throw error;
    }
    flushFolder(dirname(path));
    pass('renamed');
    writeSync(old, Buffer.alloc(size), 0, size, 0);
    fsyncSync(old);
  } finally {
    closeSync(old);
  }
}

/** What a process that was killed has left; only one process writes at a time. */
function removeDrafts(path: string): void {
  const start = `${basename(path)}.`;
  for (const name of readdirSync(dirname(path))) {
    const isDraft = name.startsWith(start) && /^[0-9]+$/.test(name.slice(start.length));
    if (isDraft) unlinkSync(join(dirname(path), name));
  }
}

/** The new name is on the disk as well. */
function flushFolder(folder: string): void {
  const opened = openSync(folder, 'r');
  try {
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
}
