import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { TESTS, TOO_LONG } from './parts.ts';

const seconds = 1000;

// Stryker runs a copy of the repository, so the top is that of the copy.
export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: {
    include: [...TESTS],
    exclude: [...TOO_LONG],
    // A change that makes a test endless is noticed by this, which is several times what the slowest takes.
    testTimeout: 15 * seconds,
    hookTimeout: 180 * seconds,
    expect: { requireAssertions: true },
    globalSetup: 'test/support/global-setup.ts',
    setupFiles: 'test/support/setup.ts',
  },
});
