import { defineConfig } from 'vitest/config';
import main, { common } from '../vitest.config.ts';

const seconds = 1000;

/** As all our tests, with other files. None hangs on a peer that does. */
export default defineConfig({
  ...main,
  test: {
    ...common,
    globalSetup: 'test/support/global-setup.ts',
    maxWorkers: 2,
    include: ['test/peers/*.test.ts'],
    exclude: ['**/node_modules/**'],
    testTimeout: 60 * seconds,
  },
});
