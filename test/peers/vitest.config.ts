import { defineConfig } from 'vitest/config';
import main from '../vitest.config.ts';

const seconds = 1000;

/** As all our tests, with other files. None hangs on a peer that does. */
export default defineConfig({
  ...main,
  test: {
    ...main.test,
    include: ['test/peers/*.test.ts'],
    exclude: ['**/node_modules/**'],
    testTimeout: 60 * seconds,
  },
});
