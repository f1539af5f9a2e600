import { cp, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { startEmbedded } from '../../src/store/embedded/embedded.ts';
import { embeddedPaths, POSTGRES_VERSION } from '../../src/store/embedded/paths.ts';
import { repository } from './child.ts';
import { makeTemp } from './services/temp.ts';
import { UNWATCHED } from './unwatched.ts';

const kept = join(repository, `node_modules/.cache/tocsin/postgres-${POSTGRES_VERSION}`);

/** The cluster that the first start of an embedded database makes, with nothing in it: made once, and kept. Returns its path. */
export async function firstStart(): Promise<string> {
  if (await isThere(kept)) return kept;
  const folder = await makeTemp('embedded', { inMemory: true });
  const copy = `${kept}-${process.pid}`;
  try {
    const embedded = await startEmbedded(folder.path, UNWATCHED);
    await embedded.stop();
    await cp(embeddedPaths(folder.path).cluster, copy, { recursive: true });
    await rename(copy, kept);
  } catch (error) {
    // Another process may have been first.
    if (!(await isThere(kept))) throw error;
  } finally {
    await folder.remove();
    await rm(copy, { recursive: true, force: true });
  }
  return kept;
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
