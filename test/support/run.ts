// `npm test`
import { runTests } from './run-tests.ts';

process.exitCode = await runTests({
  config: 'test/vitest.config.ts',
  args: process.argv.slice(2),
});
