// Makes dist/, the JavaScript that every program of the product runs. Plain JavaScript itself: it is what a fresh checkout runs first.
import { createHash, randomUUID } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** The repository's top folder. */
export const ROOT = join(import.meta.dirname, '..', '..');

/** Where the built programs are. */
export const DIST = join(ROOT, 'dist');

/** The programs of the product: the name of each in dist/ (without `.js`), and the source that it is built from. */
export const PROGRAMS = /** @type {const} */ ({
  main: 'src/main.ts',
  worker: 'workers/main.ts',
  tocsin: 'src/cli/main.ts',
  simulator: 'src/simulator/main.ts',
  demo: 'src/demo/main.ts',
  'database-thread': 'src/store/embedded/thread.ts',
});

/** Read at run time, from beside the code. */
export const RUNTIME_FILES = ['src/store/migrations', 'src/web/assets', 'src/web/cities.tsv'];

/** What dist/ is made from. */
const SOURCES = ['config', 'src', 'workers', 'package.json', 'package-lock.json', 'tsconfig.json'];

/** Names the sources that dist/ was made from; written last, so that half a build is none. */
const FINGERPRINT = join(DIST, '.fingerprint');

/** True when dist/ was made from the sources as they are now, or when there are no sources, as in the image. */
export function isBuilt() {
  if (!existsSync(join(ROOT, 'src'))) return true;
  return existsSync(FINGERPRINT) && readFileSync(FINGERPRINT, 'utf8') === fingerprint();
}

/**
 * Builds dist/, unless it is up to date. Files are replaced one by one, each at once, so that two builds of the same sources may
 * run at the same time and a program that has started keeps what it has loaded.
 * @param {(line: string) => void} [say] is told before a build begins.
 * @throws when the sources do not compile, or esbuild is not installed.
 */
export async function build(say) {
  if (isBuilt()) return;
  say?.('Building dist/ from the sources …');
  const { build: bundle } = await import('esbuild').catch((cause) => {
    throw new Error('esbuild is not installed, which builds the programs; run: npm ci', { cause });
  });
  const made = fingerprint();
  const { outputFiles } = await bundle({
    absWorkingDir: ROOT,
    entryPoints: Object.entries(PROGRAMS).map(([out, source]) => ({ in: source, out })),
    outdir: DIST,
    bundle: true,
    splitting: true,
    write: false,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    chunkNames: 'chunks-[hash]',
    // What npm installed is imported as it is: CommonJS and ES modules mean other things to each other inside a bundle.
    packages: 'external',
    legalComments: 'none',
    logLevel: 'warning',
  });
  rmSync(FINGERPRINT, { force: true });
  for (const { path, contents } of outputFiles) replaceFile(path, contents);
  for (const file of RUNTIME_FILES)
    cpSync(join(ROOT, file), join(DIST, nameOf(file)), { recursive: true });
  removeStale(new Set(outputFiles.map(({ path }) => path)));
  replaceFile(FINGERPRINT, made);
}

/**
 * Replaces a file atomically: a reader finds the old contents or the new ones, never a part of either.
 * @param {string} path @param {string | Uint8Array} contents
 */
export function replaceFile(path, contents) {
  mkdirSync(dirname(path), { recursive: true });
  const fresh = `${path}.${randomUUID()}`;
  writeFileSync(fresh, contents);
  renameSync(fresh, path);
}

/** Removes the code of an earlier build. @param {Set<string>} current */
function removeStale(current) {
  for (const name of readdirSync(DIST)) {
    const path = join(DIST, name);
    if (name.endsWith('.js') && !current.has(path)) rmSync(path, { force: true });
  }
}

/** @param {string} path */
function nameOf(path) {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** A hash of all that dist/ is made from: every file's path and contents. */
function fingerprint() {
  const hash = createHash('sha256');
  for (const source of SOURCES) {
    for (const path of filesBelow(source)) {
      const contents = readFileSync(join(ROOT, path));
      hash.update(`${path}\0${contents.length}\0`).update(contents);
    }
  }
  return hash.digest('hex');
}

/** @param {string} path @returns {string[]} */
function filesBelow(path) {
  if (/\.\w+$/.test(path)) return [path];
  const entries = readdirSync(join(ROOT, path), { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
    .sort();
}
