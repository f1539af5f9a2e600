import { lstatSync, unlinkSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { explainFolder, makeFolder } from '../../../config/folder.ts';
import { ConfigurationError } from '../../domain/errors.ts';
import { embeddedPaths } from './paths.ts';

/** Holding the data folder; released by `release`, or by the end of the process however it comes. */
export interface FolderLock {
  release(): Promise<void>;
}

/**
 * Takes the data folder for this process. The lock is a listening socket in the folder: it dies with its holder, also by
 * SIGKILL, and tells apart a holder from a leftover file without trusting process ids (two containers may share a volume).
 * @throws ConfigurationError when another instance holds it, or when it cannot be written.
 */
export async function lockFolder(dataDir: string): Promise<FolderLock> {
  const path = embeddedPaths(dataDir).lock;
  try {
    makeFolder(dataDir);
  } catch (error) {
    throw notWritable(dataDir, error);
  }
  const wasLeft = await removeLeftover(path, dataDir);
  const server = await listenOnSocket(path, dataDir);
  // Where nothing was in the way, only one of several starters could listen.
  if (wasLeft) await refuseIfOvertaken(path, server, dataDir);
  return {
    release: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** True when another process holds the folder. */
export async function isFolderLocked(dataDir: string): Promise<boolean> {
  return isAnswering(embeddedPaths(dataDir).lock);
}

function notWritable(dataDir: string, error: unknown): ConfigurationError {
  return new ConfigurationError(explainFolder({ path: dataDir, variable: 'DATA_DIR' }, error));
}

function folderLocked(dataDir: string): ConfigurationError {
  return new ConfigurationError(
    `DATA_DIR: ${dataDir} is in use by another Tocsin; stop that one, or give this one a folder of its own`,
  );
}

function isAnswering(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** From a starter's taking the name of the socket to its listening there, at the most. */
const TAKING_MS = 50;

/** Removes the socket of a holder that is dead. False where there was none. @throws ConfigurationError where the holder lives. */
async function removeLeftover(path: string, dataDir: string): Promise<boolean> {
  const left = readIdentity(path);
  if (left === null) return false;
  if (await isAnswering(path)) throw folderLocked(dataDir);
  await sleep(TAKING_MS);
  if (await isAnswering(path)) throw folderLocked(dataDir);
  // Another starter may have removed it meanwhile, and what is there now is its own.
  if (readIdentity(path) === left) unlinkSync(path);
  return true;
}

/** Tells a socket from one that is made later under the same name. Null where there is none. */
function readIdentity(path: string): string | null {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  return stats === undefined ? null : `${stats.ino} ${stats.ctimeMs}`;
}

function listenOnSocket(path: string, dataDir: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? folderLocked(dataDir) : notWritable(dataDir, error));
    });
    server.listen(path, () => resolve(server));
    server.unref();
  });
}

/** Two starters may both have found a leftover: the later one's socket stands in the folder, and the earlier one gives way. */
async function refuseIfOvertaken(path: string, server: Server, dataDir: string): Promise<void> {
  const mine = readIdentity(path);
  await sleep(100);
  if (readIdentity(path) === mine) return;
  server.close();
  throw folderLocked(dataDir);
}
