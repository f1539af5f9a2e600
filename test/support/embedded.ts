import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { type EmbeddedDatabase, startEmbedded } from '../../src/store/embedded/embedded.ts';
import { atEnd } from './at-end.ts';
import { firstStart } from './first-start.ts';
import { makeTemp } from './services/temp.ts';

/** A data folder with an embedded database as its first start leaves it, which is most of what a start costs. Returns its path. */
export async function embeddedFolder(): Promise<string> {
  const folder = await makeTemp('embedded', { inMemory: true });
  atEnd(() => folder.remove());
  await cp(await firstStart(), join(folder.path, 'postgres'), { recursive: true });
  return folder.path;
}

/** An embedded database with nothing in it, for this test or file. */
export async function openEmbedded(): Promise<EmbeddedDatabase> {
  const embedded = await startEmbedded(await embeddedFolder());
  atEnd(() => embedded.stop());
  return embedded;
}
