import { fileURLToPath } from 'node:url';
import { configDefaults, defineConfig } from 'vitest/config';

const seconds = 1000;

export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    // Programs of others, which `npm run test:peers` installs and tries, and `npm run test:matrix`, which wants all cores for itself.
    exclude: [...configDefaults.exclude, 'test/peers/**', 'test/matrix/**'],
    globals: false,
    expect: { requireAssertions: true },
    // What hangs is ended, and nothing else: a machine may be as busy as it likes.
    testTimeout: 120 * seconds,
    hookTimeout: 180 * seconds,
    teardownTimeout: 10 * seconds,
    pool: 'forks',
    // The files that a worker runs share what they import: loading it costs more than most of the tests.
    isolate: false,
    maxWorkers: 2,
    globalSetup: 'test/support/global-setup.ts',
    setupFiles: 'test/support/setup.ts',
    unstubEnvs: true,
    unstubGlobals: true,
    restoreMocks: true,
    reporters: ['default'],
  },
});
