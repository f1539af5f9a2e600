import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../../config/folder.ts';
import type { HighWater, LastMark } from '../domain/high-water.ts';

/** What this process, and those before it on the same data folder, saw of databases. */
export interface HighWaterFile {
  /** What was noted of this database, by any process on this data folder; one entry for each process. */
  read(databaseId: string): HighWater[];
  /** Notes the counter of this database; on the disk when it returns. Later marks are marks in this database. */
  noteEpoch(databaseId: string, epoch: number): void;
  /** Notes a committed dispatch mark. It outlives this process from here on, and the machine some seconds later. */
  noteMark(mark: LastMark): void;
  dispose(): void;
}

const FOLDER = 'high-water';
/** One write of this many bytes replaces the whole file, so that a process that is killed leaves the old or the new. */
const SIZE = 512;
/** Files of processes that ended so long ago are removed, once they say nothing that the newest does not. Milliseconds. */
const KEEP_MS = 24 * 3_600_000;

/**
 * Opens the folder `high-water` in the data folder; each process has a file of its own there. `onError` is told when it cannot
 * be written: sending goes on then, and only a later restore would not be noticed by itself.
 */
export function openHighWaterFile(dataDir: string, onError: (error: Error) => void): HighWaterFile {
  const folder = join(dataDir, FOLDER);
  let file: number | null = null;
  let failed = false;
  let known: HighWater | null = null;

  const write = (durable: boolean): void => {
    if (!known || failed) return;
    try {
      file ??= create(folder);
      writeSync(
        file,
        JSON.stringify(known)
          .padEnd(SIZE - 1)
          .concat('\n'),
        0,
      );
      if (durable) fsyncSync(file);
    } catch (error) {
      failed = true;
      onError(error as Error);
    }
  };
  return {
    read: (databaseId) =>
      readAll(folder)
        .map(({ noted }) => noted)
        .concat(known ?? [])
        .filter((noted) => noted.databaseId === databaseId),
    noteEpoch: (databaseId, epoch) => {
      if (known?.databaseId === databaseId && known.epoch >= epoch) return;
      const lastMark = known?.databaseId === databaseId ? known.lastMark : null;
      known = { databaseId, epoch, lastMark };
      write(true);
      removeOld(folder, known);
    },
    noteMark: (mark) => {
      if (!known) return;
      known = { ...known, lastMark: mark };
      write(false);
    },
    dispose: () => {
      if (file !== null) closeSync(file);
      file = null;
      failed = true;
    },
  };
}

function create(folder: string): number {
  makeFolder(folder);
  const name = `${process.pid}-${randomBytes(4).toString('hex')}.json`;
  return openSync(join(folder, name), 'wx', 0o600);
}

function readAll(folder: string): { path: string; noted: HighWater }[] {
  return listFolder(folder).flatMap((name) => {
    const path = join(folder, name);
    try {
      return [{ path, noted: JSON.parse(readFileSync(path, 'utf8')) as HighWater }];
    } catch {
      // Removed meanwhile, or cut short when the machine lost its power: it says nothing.
      return [];
    }
  });
}

function listFolder(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.json'));
  } catch {
    return [];
  }
}

function removeOld(folder: string, { databaseId, epoch }: HighWater): void {
  for (const { path, noted } of readAll(folder)) {
    if (noted.databaseId !== databaseId || noted.epoch >= epoch) continue;
    try {
      if (Date.now() - statSync(path).mtimeMs > KEEP_MS) rmSync(path, { force: true });
    } catch {
      // Another process was quicker.
    }
  }
}
