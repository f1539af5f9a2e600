import { unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { builtProgram } from '../../built.ts';
import { lockFolder, refuseLongPath } from './lock.ts';

/** The embedded database while it runs: PostgreSQL in WebAssembly behind a socket in the data folder. */
export interface EmbeddedDatabase {
  url: string;
  stop(): Promise<void>;
}

/** Where an instance with this data folder serves its embedded database; usable while that instance runs. */
export function embeddedUrl(dataDir: string): string {
  return `postgres://postgres@/postgres?host=${encodeURIComponent(dataDir)}`;
}

/**
 * Starts the embedded database on `dataDir` and holds the folder until `stop`.
 * @throws ConfigurationError when the folder is held by another instance or cannot be used.
 */
export async function startEmbedded(dataDir: string): Promise<EmbeddedDatabase> {
  // The name that libpq and pg look for in a folder given as host.
  const socket = join(dataDir, '.s.PGSQL.5432');
  refuseLongPath(socket);
  const lock = await lockFolder(dataDir);
  try {
    removeLeftover(socket);
    const thread = new Worker(builtProgram('database-thread'), {
      workerData: { folder: join(dataDir, 'postgres'), socket },
    });
    await message(thread, 'ready');
    return {
      url: embeddedUrl(dataDir),
      stop: async () => {
        const stopped = message(thread, 'stopped');
        thread.postMessage('stop');
        await stopped;
        await thread.terminate();
        await lock.release();
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

function removeLeftover(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

function message(thread: Worker, expected: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const onMessage = (text: unknown): void => {
      if (text !== expected) return;
      thread.off('error', reject);
      thread.off('message', onMessage);
      resolve();
    };
    thread.on('message', onMessage);
    thread.once('error', reject);
  });
}
