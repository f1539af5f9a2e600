// `npm run test:peers`: installs servers and clients that others wrote, and lets ours meet them.
import { installFromNpm } from '../support/npm.ts';
import { runTests } from '../support/run-tests.ts';
import { hasApt } from '../support/services/apt.ts';
import { chromium } from '../support/services/chromium.ts';
import { installFromDebian, LADDERS } from './debian.ts';

process.exitCode = await runTests({
  config: 'test/peers/vitest.config.ts',
  args: process.argv.slice(2),
  prepare: (signal) => installFromNpm('test/peers', signal),
  services: {
    ladders: [chromium, ...LADDERS],
    install: hasApt() ? installFromDebian : null,
  },
});
