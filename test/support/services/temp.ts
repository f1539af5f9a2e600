import { chown, mkdtemp, readFile, rm, statfs } from 'node:fs/promises';
import { freemem, tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder of our own under the system's temporary one. */
export interface TempFolder {
  path: string;
  /** Removes it and all that is in it; once is enough, twice does no harm. */
  remove(): Promise<void>;
}

/** Who may enter a temporary folder, and where it is. */
export interface TempOptions {
  /** Default: us. */
  owner?: { uid: number; gid: number } | undefined;
  /** In memory, where the machine has enough of it: for what a server of tests writes all the time. */
  inMemory?: boolean;
}

/** Makes an empty folder that only its owner can enter. */
export async function makeTemp(name: string, options: TempOptions = {}): Promise<TempFolder> {
  const { owner, inMemory = false } = options;
  const parent = (inMemory && (await roomyMemory())) || tmpdir();
  const path = await mkdtemp(join(parent, `tocsin-${name}-`));
  if (owner) await chown(path, owner.uid, owner.gid);
  return {
    path,
    // A server that is just ending may still write: rm tries again.
    remove: () => rm(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }),
  };
}

const SHARED_MEMORY = '/dev/shm';
const GIB = 2 ** 30;

/**
 * The file system in memory when it has room for the databases of a run, which need less than 1 GiB at a time; null otherwise, or
 * when TMPDIR says where temporary folders belong.
 */
async function roomyMemory(): Promise<string | null> {
  if (process.env.TMPDIR) return null;
  const mounts = await readFile('/proc/mounts', 'utf8').catch(() => '');
  if (!mounts.includes(` ${SHARED_MEMORY} tmpfs rw`)) return null;
  const { bavail, bsize } = await statfs(SHARED_MEMORY);
  return bavail * bsize >= 2 * GIB && freemem() >= 4 * GIB ? SHARED_MEMORY : null;
}
