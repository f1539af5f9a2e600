import { mkdir, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { build as bundle, type Plugin } from 'esbuild';
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
  return once(source, () => bundleProgram(source));
}

function once(name: string, bundled: () => Promise<string>): Promise<string> {
  const known = built.get(name) ?? bundled();
  built.set(name, known);
  return known;
}

/** One module of a program and what stands in for it; paths from the repository's top. */
export interface Replaced {
  module: string;
  by: string;
}

/**
 * The path of a program that is bundled as those of the tests are, also one of the product; `replaced`: with another module in the
 * place of one of its own, to measure what that costs.
 */
export function variantPath(source: string, replaced: Replaced | null): Promise<string> {
  return once(`${source} ${JSON.stringify(replaced)}`, () =>
    bundleProgram(source, replaced ? [replacing(replaced)] : []),
  );
}

/** What stands in for a module may itself import it. */
function replacing({ module, by }: Replaced): Plugin {
  const [from, to] = [join(ROOT, module), join(ROOT, by)];
  return {
    name: 'replacing',
    setup({ onResolve }) {
      onResolve({ filter: /^\./ }, ({ path, resolveDir, importer }) =>
        join(resolveDir, path) === from && importer !== to ? { path: to } : null,
      );
    },
  };
}

async function bundleProgram(source: string, plugins: Plugin[] = []): Promise<string> {
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
    plugins,
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
