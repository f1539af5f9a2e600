import { describe, expect, it } from 'vitest';
import { carriedOver, type MutationReport, mutationPage, scoresOf, unnoticed } from './score.ts';

const mutant = (status: string, line = 1) => ({
  status,
  mutatorName: 'EqualityOperator',
  replacement: 'a <\n  b',
  location: { start: { line, column: 3 }, end: { line, column: 9 } },
});

const report: MutationReport = {
  files: {
    'src/one.ts': {
      source: '',
      mutants: [mutant('Killed'), mutant('Killed'), mutant('Timeout'), mutant('Survived', 7)],
    },
    'src/two.ts': {
      source: '',
      mutants: [mutant('NoCoverage', 9), mutant('Ignored'), mutant('CompileError')],
    },
    'src/none.ts': { source: '', mutants: [] },
  },
};

describe('the score of changes', () => {
  it('counts those that were noticed, of those that could be', () => {
    const { rows, all } = scoresOf(report);
    expect(rows).toEqual([
      {
        ...{ file: 'src/one.ts', mutants: 4, killed: 2, timeout: 1, survived: 1, uncovered: 0 },
        noticed: 75,
      },
      {
        ...{ file: 'src/two.ts', mutants: 1, killed: 0, timeout: 0, survived: 0, uncovered: 1 },
        noticed: 0,
      },
    ]);
    expect(all).toMatchObject({ mutants: 5, killed: 2, timeout: 1, noticed: 60 });
  });

  it('says where nobody noticed', () => {
    expect(unnoticed(report)).toEqual([
      'src/one.ts:7 EqualityOperator: a < b',
      'src/two.ts:9 EqualityOperator: a < b',
    ]);
  });

  it('keeps what an earlier run found of what this one did not try', () => {
    const of = (...mutants: ReturnType<typeof mutant>[]) => ({ source: 'x', mutants });
    const earlier = { files: { 'a.ts': of(mutant('Survived', 1), mutant('Killed', 2)) } };
    const now = { files: { 'a.ts': of(mutant('Killed', 1)), 'b.ts': of(mutant('Timeout', 1)) } };
    const { files } = carriedOver(earlier, now);
    expect(files['a.ts']?.mutants).toEqual([mutant('Killed', 2), mutant('Killed', 1)]);
    expect(files['b.ts']?.mutants).toEqual([mutant('Timeout', 1)]);
  });

  it('is a page with a row a file', () => {
    const page = mutationPage(report, 'npm run mutate', 12);
    expect(page).toContain('| src/one.ts | 4 | 2 | 1 | 1 | 0 | 75.0 % |');
    expect(page).toContain('| all | 5 | 2 | 1 | 1 | 1 | 60.0 % |');
  });
});
