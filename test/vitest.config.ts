import { fileURLToPath } from 'node:url';
import { configDefaults, defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { LongFilesFirst } from './support/sequencer.ts';
import { FULL } from './support/tier.ts';

const seconds = 1000;

/** Files that start processes of the product, browsers or several servers, or play whole campaigns: not for every day. */
const SYSTEM = ['test/{browser,instance,chaos}/**/*.test.ts', 'test/**/*.system.test.ts'];

/** Programs of others, which `npm run test:peers` installs, and what `npm run test:matrix` wants all cores for. */
const OTHERS = ['test/peers/**', 'test/matrix/**'];

/** What only `npm run test:full` has the time for. */
const FULL_FILES = ['test/**/*.full.test.ts', 'test/**/*.full.test.tsx'];

/** What every test of ours runs with. */
export const common = {
  globals: false,
  expect: { requireAssertions: true },
  // What hangs is ended, and nothing else: a machine may be as busy as it likes, and test:full tries each property fifty times as often.
  testTimeout: (FULL ? 600 : 120) * seconds,
  hookTimeout: 180 * seconds,
  teardownTimeout: 10 * seconds,
  pool: 'forks',
  // The files that a worker runs share what they import: loading it costs more than most of the tests.
  isolate: false,
  setupFiles: 'test/support/setup.ts',
  unstubEnvs: true,
  unstubGlobals: true,
  restoreMocks: true,
} as const;

function project(
  name: string,
  include: string[],
  exclude: string[] = [],
): TestProjectInlineConfiguration {
  return {
    extends: true,
    test: { ...common, name, include, exclude: [...configDefaults.exclude, ...exclude] },
  };
}

/** The tiers of `run.ts`: each of its commands runs some of these. */
export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    globalSetup: 'test/support/global-setup.ts',
    // Most tests wait for a server or a moment for most of their time, so two cores keep up with four.
    maxWorkers: 4,
    sequence: { sequencer: LongFilesFirst },
    reporters: ['default'],
    projects: [
      project('daily', ['test/**/*.test.{ts,tsx}'], [...SYSTEM, ...OTHERS, ...FULL_FILES]),
      project('system', SYSTEM, FULL_FILES),
      project('full', FULL_FILES, OTHERS),
    ],
  },
});
