import { mkdir, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { build as bundle } from 'esbuild';
import { DIST, PROGRAMS, ROOT, RUNTIME_FILES, replaceFile } from '../../src/build/build.mjs';

/** Inside the repository, so that packages are found from there. */
const FOLDER = join(ROOT, 'node_modules/.cache/tocsin-test-programs');

const built = new Map<string, Promise<string>>();

/**
 * The path of a program's JavaScript, given the path of its TypeScript from the repository's top. Programs of the product are in dist/,
 * which is built before any test, bench or chaos run starts; programs of the tests are bundled here, once per process.
 */
export function programPath(source: string): Promise<string> {
  const product = Object.entries(PROGRAMS).find(([, entry]) => entry === source);
  if (product) return Promise.resolve(join(DIST, `${product[0]}.js`));
  const known = built.get(source) ?? bundleProgram(source);
  built.set(source, known);
  return known;
}

async function bundleProgram(source: string): Promise<string> {
  const { outputFiles } = await bundle({
    absWorkingDir: ROOT,
    entryPoints: [source],
    outdir: FOLDER,
    // Two versions of a program never have the same name, so that a running one is not replaced.
    entryNames: '[name]-[hash]',
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    outExtension: { '.js': '.mjs' },
    logLevel: 'error',
  });
  const [output] = outputFiles;
  if (!output) throw new Error(`${source} gave no program`);
  replaceFile(output.path, output.contents);
  await mkdir(FOLDER, { recursive: true });
  // What the product reads from beside its code.
  for (const file of RUNTIME_FILES) {
    await symlink(join(ROOT, file), join(FOLDER, basename(file))).catch((error: Error) => {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    });
  }
  return output.path;
}
