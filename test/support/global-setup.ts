import { build } from '../../src/build/build.mjs';
import { firstStart } from './first-start.ts';

/** Once in a run, before the first test: the programs that tests start are those of dist/, and embedded databases have been made. */
export default async function setUpRun(): Promise<void> {
  await build((line) => console.error(line));
  await firstStart();
}
