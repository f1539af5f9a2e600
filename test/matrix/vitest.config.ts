import { defineConfig } from 'vitest/config';
import main, { common } from '../vitest.config.ts';

/** As all our tests, with other files. */
export default defineConfig({
  ...main,
  test: {
    ...common,
    globalSetup: 'test/support/global-setup.ts',
    maxWorkers: 2,
    include: ['test/matrix/*.test.ts'],
    exclude: ['**/node_modules/**'],
  },
});
