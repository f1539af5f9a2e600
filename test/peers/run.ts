// `npm run test:peers`: installs servers and clients that others wrote, and lets ours meet them.
import { runTests } from '../support/run-tests.ts';
import { hasApt } from '../support/services/apt.ts';
import { chromium } from '../support/services/chromium.ts';
import { installFromDebian, LADDERS } from './debian.ts';
import { installFromNpm } from './npm.ts';

process.exitCode = await runTests({
  config: 'test/peers/vitest.config.ts',
  args: process.argv.slice(2),
  prepare: installFromNpm,
  services: {
    ladders: [chromium, ...LADDERS],
    install: hasApt() ? installFromDebian : null,
  },
});
