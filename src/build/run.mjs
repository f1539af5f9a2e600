// `node src/build/run.mjs PROGRAM [ARGUMENT ...]`: runs a program out of dist/, which is built first where it is missing or old:
// after `npm ci --ignore-scripts`, or when a source has changed.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, DIST } from './build.mjs';

const [program = ''] = process.argv.splice(2, 1);
const path = join(DIST, `${program}.js`);
try {
  await build((line) => console.error(line));
} catch (error) {
  console.error(`dist/ could not be built: ${error instanceof Error ? error.message : error}`);
  // EX_CONFIG, sysexits.h
  process.exit(78);
}
process.argv[1] = path;
await import(pathToFileURL(path).href);
