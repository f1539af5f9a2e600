// `npm run test:matrix`: every page for supporters in Chromium, in every language, width and colour, with and without scripts.
import { runTests } from '../support/run-tests.ts';

process.exitCode = await runTests({
  config: 'test/matrix/vitest.config.ts',
  args: process.argv.slice(2),
});
