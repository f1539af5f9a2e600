import { cp, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { startEmbedded } from '../../src/store/embedded/embedded.ts';
import { repository } from './child.ts';
import { makeTemp } from './services/temp.ts';

const modules = join(repository, 'node_modules');

/** What the first start of an embedded database writes: made once, and kept for this version of PGlite. Returns its path. */
export async function firstStart(): Promise<string> {
  const about = await readFile(join(modules, '@electric-sql/pglite/package.json'), 'utf8');
  const { version } = JSON.parse(about) as { version: string };
  const kept = join(modules, `.cache/tocsin/pglite-${version}`);
  if (await isThere(kept)) return kept;
  const folder = await makeTemp('embedded', { inMemory: true });
  const copy = `${kept}-${process.pid}`;
  try {
    const embedded = await startEmbedded(folder.path);
    await embedded.stop();
    await cp(join(folder.path, 'postgres'), copy, { recursive: true });
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
