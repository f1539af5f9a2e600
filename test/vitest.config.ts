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
    // Files run in processes of their own: a leaked timer or socket dies with its file.
    pool: 'forks',
    // Each file may start servers and browsers; two at a time is what a two-core machine copes with.
    maxWorkers: 2,
    unstubEnvs: true,
    restoreMocks: true,
    reporters: ['default'],
  },
});
