// `npm test` and `npm run test:system`: `run.ts TIER [what vitest takes ...]`.
import { runTests } from './run-tests.ts';
import { TIERS } from './tiers.ts';

const [name = '', ...args] = process.argv.slice(2);
const tier = TIERS[name];
if (!tier) throw new Error(`There is no tier "${name}": ${Object.keys(TIERS).join(', ')}`);
process.exitCode = await runTests({
  config: 'test/vitest.config.ts',
  args: [...tier.projects.flatMap((project) => ['--project', project]), ...args],
  services: { ladders: tier.ladders },
  environment: tier.environment,
});
