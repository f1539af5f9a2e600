import { atEnd } from './at-end.ts';
import { makeTemp } from './services/temp.ts';

/** An empty folder for this test (or, outside one, this file); it is removed at the end. Returns its path. */
export async function tempFolder(name = 'test'): Promise<string> {
  const folder = await makeTemp(name);
  atEnd(() => folder.remove());
  return folder.path;
}
