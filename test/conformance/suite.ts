import { beforeAll, describe, it } from 'vitest';
import { needs } from '../support/database.ts';
import { type Bench, openBench } from './bench.ts';
import { doubtTests } from './cases/doubt.ts';
import { errorTests } from './cases/errors.ts';
import { grantTests } from './cases/grants.ts';
import { joinTests } from './cases/join.ts';
import { limitTests } from './cases/limits.ts';
import { postTests } from './cases/posts.ts';
import { warningTests } from './cases/warning.ts';
import type { Subject } from './subject.ts';
import { CASES, type Case, LACK, suiteName } from './words.ts';

/** Tests of one case, each by its name. */
export type Tests = Readonly<Record<string, (bench: Bench) => Promise<void>>>;

/**
 * The same cases for every platform, written against the contract alone. A case that a platform does not have is one test
 * too, which shows that it is so.
 */
export function conform(subject: Subject): void {
  const tests: Record<Case, Tests> = {
    ...joinTests,
    ...postTests,
    ...warningTests,
    ...doubtTests(subject),
    ...limitTests,
    ...grantTests,
    ...errorTests(subject),
  };
  const group = subject.needs ? needs(...subject.needs) : describe;
  group(suiteName(subject.label), () => {
    let bench: Bench;
    beforeAll(async () => {
      bench = await openBench(subject);
    });
    for (const [name, words] of Object.entries(CASES) as [Case, string][]) {
      const lack = subject.lacks[name];
      const all: Tests = lack
        ? { [LACK + lack.why]: lack.proof }
        : { ...tests[name], ...subject.own?.[name] };
      describe(words, () => {
        for (const [what, test] of Object.entries(all)) it(what, () => test(bench));
      });
    }
  });
}
