import type { Report } from '../support/count.ts';
import { CASES, type Case, LACK } from './words.ts';

/** What came of one case on one platform: how many tests passed, why there are none, or that it failed. */
export type Cell = { kind: 'yes'; tests: number } | { kind: 'lacks'; why: string } | { kind: 'no' };

/** A platform and its cells. `name`: as in the registry. */
export interface Column {
  name: string;
  label: string;
  cells: Readonly<Record<Case, Cell>>;
}

interface Test {
  status: string;
  title?: string;
  ancestorTitles?: readonly string[];
}

const SUITE = /^(.+) keeps the contract$/;
/** Of a name such as `mastodon.system.test.ts` the part that says the platform. */
const FILE = /([^/.]+)(?:\.[a-z]+)?\.test\.tsx?$/;

/** The columns of a run of vitest, by its JSON report. A case whose tests did not all pass, or did not run, is a NO. */
export function columnsOf(report: Report): Column[] {
  return report.testResults.flatMap((file) => {
    const tests: readonly Test[] = file.assertionResults;
    const label = SUITE.exec(tests[0]?.ancestorTitles?.[0] ?? '')?.[1];
    const name = FILE.exec(file.name)?.[1] ?? '';
    const all = (Object.entries(CASES) as [Case, string][]).map(
      ([of, words]) => [of, cellOf(tests, words)] as const,
    );
    const isOurs = label !== undefined || tests.length === 0;
    const cells = Object.fromEntries(all) as Record<Case, Cell>;
    return isOurs ? [{ name, label: label ?? name, cells }] : [];
  });
}

function cellOf(all: readonly Test[], words: string): Cell {
  const tests = all.filter(({ ancestorTitles }) => ancestorTitles?.[1] === words);
  const [first] = tests;
  if (!first || tests.some(({ status }) => status !== 'passed')) return { kind: 'no' };
  const title = first.title ?? '';
  return title.startsWith(LACK)
    ? { kind: 'lacks', why: title.slice(LACK.length) }
    : { kind: 'yes', tests: tests.length };
}

export function hasNo(columns: readonly Column[]): boolean {
  return columns.some(({ cells }) => Object.values(cells).some(({ kind }) => kind === 'no'));
}

/** The table in Markdown. `pages`: names of the platforms that have a page of their own. */
export function tableOf(columns: readonly Column[], pages: ReadonlySet<string>): string {
  const sorted = columns.toSorted((a, b) => a.label.localeCompare(b.label, 'en'));
  const heads = sorted.map(({ name, label }) =>
    pages.has(name) ? `[${label}](platforms/${name}.md)` : label,
  );
  const lines = (Object.entries(CASES) as [Case, string][]).map(([of, words]) =>
    row([words, ...sorted.map(({ cells }) => wordsOf(cells[of]))]),
  );
  return [row(['', ...heads]), row(['---', ...heads.map(() => '---')]), ...lines].join('\n');
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function wordsOf(cell: Cell): string {
  switch (cell.kind) {
    case 'yes':
      return cell.tests === 1 ? 'yes' : `yes (${cell.tests})`;
    case 'lacks':
      return cell.why;
    case 'no':
      return '**NO**';
  }
}

export const MARKS = {
  begin: '<!-- conformance: written by npm run conformance, not by hand -->',
  end: '<!-- /conformance -->',
} as const;

/** Puts the table between the marks of a page. @throws when the page has not both. */
export function between(page: string, table: string): string {
  const from = page.indexOf(MARKS.begin);
  const to = page.indexOf(MARKS.end);
  if (from < 0 || to < from) throw new Error(`The page has no ${MARKS.begin} and ${MARKS.end}`);
  return `${page.slice(0, from + MARKS.begin.length)}\n${table}\n${page.slice(to)}`;
}
