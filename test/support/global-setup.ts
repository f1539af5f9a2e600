import { build } from '../../src/build/build.mjs';

/** Once in a run, before the first test: the programs that tests start are those of dist/. */
export default async function setUpRun(): Promise<void> {
  await build((line) => console.error(line));
}
