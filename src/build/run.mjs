// `node src/build/run.mjs PROGRAM [ARGUMENT ...]`: runs a program out of dist/, which is built first where it is missing, old or damaged:
// after `npm ci --ignore-scripts`, or when a source has changed.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, DIST, describeFailure, PROGRAMS } from './build.mjs';

/** sysexits.h */
const EX_CONFIG = 78;

const [program = ''] = process.argv.splice(2, 1);
if (!Object.hasOwn(PROGRAMS, program)) {
  console.error(`There is no program "${program}"; there are ${Object.keys(PROGRAMS).join(', ')}`);
  process.exit(2);
}
try {
  await build((line) => console.error(line));
} catch (error) {
  console.error(describeFailure(error));
  process.exit(EX_CONFIG);
}
const path = join(DIST, `${program}.js`);
process.argv[1] = path;
try {
  await import(pathToFileURL(path).href);
} catch (error) {
  const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
  if (code !== 'ERR_MODULE_NOT_FOUND') throw error;
  // The first sentence names the package; who asked for it is of no use.
  console.error(`${message.split(' imported from ')[0]}. Run: npm ci`);
  process.exit(EX_CONFIG);
}
