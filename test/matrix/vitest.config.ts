import { defineConfig } from 'vitest/config';
import main from '../vitest.config.ts';

/** As all our tests, with other files. */
export default defineConfig({
  ...main,
  test: {
    ...main.test,
    include: ['test/matrix/*.test.ts'],
    exclude: ['**/node_modules/**'],
  },
});
