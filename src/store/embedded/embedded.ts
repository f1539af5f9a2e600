import { existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigurationError } from '../../domain/errors.ts';
import { isReady } from './ask-server.ts';
import { isFolderLocked, lockFolder } from './lock.ts';
import { makeCluster, nameCluster, refuseOtherVersions } from './make-cluster.ts';
import { copyFormer, hasFormer, tidyFormer } from './move-former.ts';
import { embeddedPaths, embeddedUrl } from './paths.ts';
import { findPlainUser } from './plain-user.ts';
import { findPrograms } from './programs.ts';
import { type EmbeddedWatch, type ServerOptions, startServer } from './server.ts';

/** The embedded database while it runs: a PostgreSQL of its own, a child process behind a socket in the data folder. */
export interface EmbeddedDatabase {
  url: string;
  stop(): Promise<void>;
}

/**
 * Starts the embedded database on `dataDir` and holds the folder until `stop`.
 * @throws ConfigurationError when the folder is held by another instance or cannot be used.
 */
export async function startEmbedded(
  dataDir: string,
  watch: EmbeddedWatch,
): Promise<EmbeddedDatabase> {
  const paths = embeddedPaths(dataDir);
  const lock = await lockFolder(dataDir);
  try {
    await refuseOtherVersions(paths);
    const programs = findPrograms(paths.libraries);
    const user = await findPlainUser(paths.cluster);
    await user.give(paths.host);
    const options = { paths, programs, user, watch };
    await tidyFormer(paths);
    if (!existsSync(paths.cluster)) await createCluster(options);
    const server = await startServer(options);
    return {
      url: embeddedUrl(dataDir),
      stop: async () => {
        await server.stop();
        await lock.release();
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** A first start, which makes the database, takes seconds, and more on a busy machine. */
const SERVED_MS = 30_000;
const ASK_AGAIN_MS = 100;

/**
 * Waits while the instance that holds the folder starts, until its database can be used. False where no instance holds the folder, or not any
 * more. @throws ConfigurationError when it takes longer than `patienceMs`.
 */
export async function untilServed(dataDir: string, patienceMs = SERVED_MS): Promise<boolean> {
  const paths = embeddedPaths(dataDir);
  const until = performance.now() + patienceMs;
  while (await isFolderLocked(dataDir)) {
    // Before that there may be a server in which the former database is still being copied.
    if (existsSync(paths.cluster) && (await isReady(paths))) return true;
    if (performance.now() >= until) {
      throw new ConfigurationError(
        `DATA_DIR: the instance on ${dataDir} is still starting, and its database cannot be used yet; try again once it is ready`,
      );
    }
    await sleep(ASK_AGAIN_MS);
  }
  return false;
}

/** With everything in it that the former database has, where there is one. */
async function createCluster(options: ServerOptions): Promise<void> {
  const { paths, watch } = options;
  await makeCluster(options);
  const isMoving = hasFormer(paths);
  if (isMoving) {
    watch.onLine('moving the embedded database into a PostgreSQL of its own');
    const server = await startServer({
      ...options,
      paths: { ...paths, cluster: paths.unfinished },
    });
    try {
      await copyFormer(paths);
    } finally {
      await server.stop();
    }
    await rename(paths.former, paths.moved);
  }
  await nameCluster(paths);
  await tidyFormer(paths);
}
