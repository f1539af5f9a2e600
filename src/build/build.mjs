// Makes dist/, the JavaScript that every program of the product runs. Plain JavaScript itself: it is what a fresh checkout runs first.
import { createHash, randomUUID } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
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
});

/** Read at run time, from beside the code. */
export const RUNTIME_FILES = ['src/store/migrations', 'src/web/assets'];

/** Packages that go into dist/: ES modules of hundreds of small files, which need no others, and whose reading is much of what a start costs. */
const WITHIN = ['kysely', 'typebox'];

/** What dist/ is made from. */
const SOURCES = ['config', 'src', 'workers', 'package.json', 'package-lock.json', 'tsconfig.json'];

/** What dist/ was made from, and what is in it; written last, so that half a build is none. */
const MANIFEST = join(DIST, '.manifest.json');

/** A file that is being written has this at the end of its name. */
const UNFINISHED = '.unfinished';
/** An unfinished file this old was left by a build that was killed. Milliseconds. */
const ABANDONED_MS = 10 * 60_000;

/**
 * True when dist/ was made from the sources as they are now and is whole, or when there are no sources, as in the image.
 * @returns {boolean}
 */
export function isBuilt() {
  if (!existsSync(join(ROOT, 'src'))) return true;
  const { sources, files } = readManifest();
  return sources === fingerprint() && Object.entries(files).every(isWhole);
}

/**
 * One that is missing or damaged is of no sources.
 * @returns {{ sources: unknown, files: Record<string, unknown> }}
 */
function readManifest() {
  try {
    const { sources, files } = JSON.parse(readFileSync(MANIFEST, 'utf8'));
    return { sources, files: Object(files) };
  } catch {
    return { sources: null, files: {} };
  }
}

/** @param {[path: string, bytes: unknown]} file */
function isWhole([path, bytes]) {
  return statSync(join(DIST, path), { throwIfNoEntry: false })?.size === bytes;
}

/**
 * Builds dist/, unless it is up to date. Files are replaced one by one, each at once, so that two builds of the same sources may
 * run at the same time and a program that has started keeps what it has loaded.
 * @param {(line: string) => void} say is told before a build begins.
 * @throws when the sources do not compile, dist/ cannot be written, or esbuild is not installed.
 */
export async function build(say) {
  if (isBuilt()) return;
  say('Building dist/ from the sources …');
  await rebuild();
}

/**
 * Why dist/ could not be built, and the mend.
 * @param {unknown} error what {@link build} or {@link rebuild} threw.
 * @returns {string} one line
 */
export function describeFailure(error) {
  const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
  const mend = ['EACCES', 'EPERM', 'EROFS'].includes(code ?? '')
    ? '. Run "npm run build" as a user who may write there'
    : '';
  return `dist/ could not be built: ${message}${mend}`;
}

/** Builds dist/ whatever is there. @throws as {@link build} does. */
export async function rebuild() {
  const { build: bundle } = await import('esbuild').catch((cause) => {
    throw new Error('esbuild is not installed, which builds the programs; run: npm ci', { cause });
  });
  const sources = fingerprint();
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
    // All others are imported as npm installed them: CommonJS and ES modules mean other things to each other inside a bundle.
    external: packagesApart(),
    legalComments: 'eof',
    logLevel: 'warning',
  });
  /** @type {Map<string, Uint8Array>} Contents by path inside of dist/. */
  const files = new Map(outputFiles.map(({ path, contents }) => [relative(DIST, path), contents]));
  for (const file of RUNTIME_FILES) {
    for (const path of filesBelow(file)) {
      files.set(relative(dirname(file), path), readFileSync(join(ROOT, path)));
    }
  }
  rmSync(MANIFEST, { force: true });
  for (const [path, contents] of files) replaceFile(join(DIST, path), contents);
  // A migration that is gone from the sources would still be applied.
  removeOthers(files);
  const sizes = Object.fromEntries([...files].map(([path, { length }]) => [path, length]));
  replaceFile(MANIFEST, JSON.stringify({ sources, files: sizes }));
}

/** The packages that stay in node_modules. */
function packagesApart() {
  const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  return Object.keys(dependencies).filter((name) => !WITHIN.includes(name));
}

/**
 * Replaces a file atomically: a reader finds the old contents or the new ones, never a part of either.
 * @param {string} path @param {string | Uint8Array} contents
 */
export function replaceFile(path, contents) {
  mkdirSync(dirname(path), { recursive: true });
  const fresh = `${path}.${randomUUID()}${UNFINISHED}`;
  writeFileSync(fresh, contents);
  renameSync(fresh, path);
}

/** Removes what is in dist/ and not in `files`, except what another build is writing. @param {Map<string, unknown>} files */
function removeOthers(files) {
  for (const entry of readdirSync(DIST, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory() || path === MANIFEST || files.has(relative(DIST, path))) continue;
    const written = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (path.endsWith(UNFINISHED) && Date.now() - written < ABANDONED_MS) continue;
    rmSync(path, { force: true });
  }
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

/**
 * The files below a path of the repository, or that one file; without hidden ones, which editors leave.
 * @param {string} path @returns {string[]}
 */
function filesBelow(path) {
  if (statSync(join(ROOT, path)).isFile()) return [path];
  const entries = readdirSync(join(ROOT, path), { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
    .sort();
}
