import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder of our own under the system's temporary one. */
export interface TempFolder {
  path: string;
  /** Removes it and all that is in it; once is enough, twice does no harm. */
  remove(): Promise<void>;
}

/** Makes an empty folder that only `owner` (default: us) can enter. */
export async function makeTemp(
  name: string,
  owner?: { uid: number; gid: number },
): Promise<TempFolder> {
  const path = await mkdtemp(join(tmpdir(), `tocsin-${name}-`));
  if (owner) await chown(path, owner.uid, owner.gid);
  return {
    path,
    // A server that is just ending may still write: rm tries again.
    remove: () => rm(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }),
  };
}
