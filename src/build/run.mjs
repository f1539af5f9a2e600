// `node src/build/run.mjs PROGRAM [ARGUMENT ...]`: runs a program out of dist/, which is built first where it is missing, old or damaged:
// after `npm ci --ignore-scripts`, or when a source has changed.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, DIST, PROGRAMS } from './build.mjs';

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
  const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
  const mend = ['EACCES', 'EPERM', 'EROFS'].includes(code ?? '')
    ? '. Run "npm run build" as a user who may write there'
    : '';
  console.error(`dist/ could not be built: ${message}${mend}`);
  process.exit(EX_CONFIG);
}
const path = join(DIST, `${program}.js`);
process.argv[1] = path;
await import(pathToFileURL(path).href);
