import { machine, markdown } from '../support/page.ts';

/** Of Stryker's report, what is read here: https://github.com/stryker-mutator/mutation-testing-elements, report schema 2. */
export interface MutationReport {
  files: Record<string, { source: string; mutants: readonly Mutant[] }>;
}

interface Mutant {
  status: string;
  mutatorName: string;
  replacement?: string;
  location: { start: { line: number; column: number }; end: { line: number; column: number } };
}

/** Changes of one file, or of all. */
export interface Score {
  file: string;
  mutants: number;
  /** By a test that failed. */
  killed: number;
  /** By tests that did not end. */
  timeout: number;
  /** By nobody, though tests ran the changed code. */
  survived: number;
  /** No test runs the code. */
  uncovered: number;
  /** Percent of all that were noticed, one digit after the point. */
  noticed: number;
}

/** One row for each file that there was something to change in, and their sum. What does not compile or was left out on purpose does not count. */
export function scoresOf(report: MutationReport): { rows: Score[]; all: Score } {
  const scored = Object.entries(report.files).map(([file, { mutants }]) => scoreOf(file, mutants));
  const rows = scored.filter(({ mutants }) => mutants > 0);
  const every = Object.values(report.files).flatMap(({ mutants }) => mutants);
  return { rows, all: scoreOf('all', every) };
}

function scoreOf(file: string, mutants: readonly Mutant[]): Score {
  const count = (status: string): number => mutants.filter((one) => one.status === status).length;
  const counts = {
    killed: count('Killed'),
    timeout: count('Timeout'),
    survived: count('Survived'),
    uncovered: count('NoCoverage'),
  };
  const sum = counts.killed + counts.timeout + counts.survived + counts.uncovered;
  const noticed = Math.round((1000 * (counts.killed + counts.timeout)) / Math.max(1, sum)) / 10;
  return { file, mutants: sum, ...counts, noticed };
}

/** Both, where a change that was tried in both is as it was found now. Of one file, both have to be of the same source. */
export function carriedOver(earlier: MutationReport, now: MutationReport): MutationReport {
  const files = { ...earlier.files };
  for (const [file, { source, mutants }] of Object.entries(now.files)) {
    const tried = new Set(mutants.map(nameOf));
    const kept = (files[file]?.mutants ?? []).filter((one) => !tried.has(nameOf(one)));
    files[file] = { source, mutants: [...kept, ...mutants] };
  }
  return { files };
}

function nameOf({ mutatorName, replacement, location: { start, end } }: Mutant): string {
  return JSON.stringify([mutatorName, replacement, start, end]);
}

/** What nobody noticed, a line each. */
export function unnoticed(report: MutationReport): string[] {
  return Object.entries(report.files).flatMap(([file, { mutants }]) =>
    mutants
      .filter(({ status }) => status === 'Survived' || status === 'NoCoverage')
      .map(({ location, mutatorName, replacement = '' }) => {
        const by = replacement.replaceAll(/\s+/g, ' ').slice(0, 80);
        return `${file}:${location.start.line} ${mutatorName}: ${by}`;
      }),
  );
}

/** The page for docs. */
export function mutationPage(report: MutationReport, command: string, seconds: number): string {
  const { rows, all } = scoresOf(report);
  const cells = ({ file, mutants, killed, timeout, survived, uncovered, noticed }: Score) => [
    ...[file, mutants, killed, timeout, survived, uncovered, `${noticed.toFixed(1)} %`],
  ];
  return [
    '# Mutation',
    '',
    'This page is written by `npm run mutate`: Stryker changes the code that sends in small ways, one at a time, and the tests are',
    'run each time. A change is noticed when a test fails, or when the tests no longer end. Goal: 85 %. A run of some files keeps the',
    'rows of the others, as long as their code is the same.',
    '',
    `    ${command}`,
    '',
    `${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${machine()}, ${seconds} s.`,
    '',
    markdown(
      ['file', 'changes', 'a test failed', 'did not end', 'not noticed', 'not run', 'noticed'],
      [...rows, all].map(cells),
    ),
    '',
  ].join('\n');
}
