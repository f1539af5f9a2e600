import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { repository } from './child.ts';
import { writeFacts } from './dependencies/facts.ts';
import { faultsOf } from './dependencies/faults.ts';
import { gatherFacts } from './dependencies/gather.ts';
import { dependenciesPage } from './dependencies/page.ts';
import { survey } from './dependencies/survey.ts';

/** `npm run survey:dependencies`: weighs the packages, asks the registry about them and writes docs/dependencies.md; `--offline` only writes. */
const { values } = parseArgs({ options: { offline: { type: 'boolean', default: false } } });
const known = survey();
if (!values.offline) {
  known.facts = await gatherFacts(known, new Date());
  writeFacts(known.facts);
}
const faults = faultsOf(known);
if (faults.length > 0) {
  for (const fault of faults) console.error(fault);
  process.exitCode = 1;
} else {
  writeFileSync(join(repository, 'docs/dependencies.md'), dependenciesPage(known));
}
