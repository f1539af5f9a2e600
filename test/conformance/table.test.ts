import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { PLATFORM_NAMES } from '../../src/simulator/sites.ts';
import { between, columnsOf, hasNo, MARKS, tableOf } from './table.ts';
import { CASES, LACK, suiteName } from './words.ts';

/** A run of one platform in which each of these cases has one test. */
function run(label: string, change: Record<string, { title?: string; status?: string }> = {}) {
  const tests = Object.values(CASES).map((words) => ({
    ...{ title: 'a test', status: 'passed', fullName: words },
    ...{ ancestorTitles: [suiteName(label), words] },
    ...change[words],
  }));
  const name = `/somewhere/test/conformance/${label.toLowerCase()}.test.ts`;
  return { success: true, testResults: [{ name, status: 'passed', assertionResults: tests }] };
}

describe('the conformance suite', () => {
  it('has a file for every platform, and a page on which all of them keep the contract', async () => {
    const files = await readdir(new URL('./', import.meta.url));
    const suites = files.flatMap(
      (file) => /^([a-z]+)(?:\.system)?\.test\.ts$/.exec(file)?.[1] ?? [],
    );
    for (const name of PLATFORM_NAMES) expect(suites).toContain(name);
    const page = await readFile(new URL('../../docs/platforms.md', import.meta.url), 'utf8');
    const rows = page.split('\n').filter((line) => line.startsWith('| '));
    const [, , ...cases] = rows;
    expect(cases.map((row) => row.split(' | ')[0])).toEqual(
      Object.values(CASES).map((words) => `| ${words}`),
    );
    expect(rows[0]?.split(' | ').slice(1)).toHaveLength(PLATFORM_NAMES.length);
    expect(page).not.toContain('**NO** |');
  });
});

describe('the conformance table', () => {
  it('says yes, why not, and NO', () => {
    const change = {
      [CASES.refresh]: { title: `${LACK}tokens | do not end` },
      [CASES.post]: { status: 'failed' },
      [CASES.warm]: { status: 'skipped' },
    };
    const columns = columnsOf(run('Mastodon', change));
    expect(hasNo(columns)).toBe(true);
    const lines = tableOf(columns, new Set(['mastodon'])).split('\n');
    expect(lines[0]).toBe('|  | [Mastodon](platforms/mastodon.md) |');
    expect(lines).toContain(`| ${CASES.join} | yes |`);
    expect(lines).toContain(`| ${CASES.refresh} | tokens \\| do not end |`);
    expect(lines).toContain(`| ${CASES.post} | **NO** |`);
    expect(lines).toContain(`| ${CASES.warm} | **NO** |`);
    expect(hasNo(columnsOf(run('Mastodon')))).toBe(false);
  });

  it('knows a platform by its file, in whatever run that is tried', () => {
    const files = ['x.test.ts', 'x.system.test.ts', 'x.full.test.tsx'];
    const testResults = files.map((file) => ({ ...run('X').testResults[0], name: `/a/${file}` }));
    const columns = columnsOf({ success: true, testResults } as never);
    expect(columns.map(({ name }) => name)).toEqual(['x', 'x', 'x']);
  });

  it('takes a file that would not load for a platform that keeps nothing', () => {
    const file = { name: '/a/test/conformance/x.test.ts', status: 'failed', assertionResults: [] };
    const columns = columnsOf({ success: false, testResults: [file] });
    expect(columns.map(({ label }) => label)).toEqual(['x']);
    expect(hasNo(columns)).toBe(true);
  });

  it('goes between the marks, and nowhere else', () => {
    const page = `# Head\n${MARKS.begin}\nold\n${MARKS.end}\nfoot\n`;
    expect(between(page, 'new')).toBe(`# Head\n${MARKS.begin}\nnew\n${MARKS.end}\nfoot\n`);
    expect(() => between('# Head', 'new')).toThrow('The page has no');
  });
});
