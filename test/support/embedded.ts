import { cp } from 'node:fs/promises';
import { embeddedPaths } from '../../src/store/embedded/paths.ts';
import { atEnd } from './at-end.ts';
import { firstStart } from './first-start.ts';
import { makeTemp } from './services/temp.ts';

/** A data folder with an embedded database as its first start leaves it, which is most of what a start costs. Returns its path. */
export async function embeddedFolder(): Promise<string> {
  const folder = await makeTemp('embedded', { inMemory: true });
  atEnd(() => folder.remove());
  await cp(await firstStart(), embeddedPaths(folder.path).cluster, { recursive: true });
  return folder.path;
}
