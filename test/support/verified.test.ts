import { expect, it } from 'vitest';
import { verifiedPage } from './verified.ts';

const run = { commit: 'abc', date: '2026-01-02', machine: '2 cores, 4 GiB', node: 'v20.0.0' };

it('tells of each part of a full run, and is green only when nothing failed or was left out', () => {
  const passed = { passed: 7, failed: 0, skipped: 0 };
  const steps = [{ name: 'tests', count: passed, seconds: 125 }];
  const green = verifiedPage({ ...run, steps, total: passed });
  expect(green).toContain('Commit abc, 2026-01-02, Node v20.0.0, 2 cores, 4 GiB: green.');
  expect(green).toContain('| tests | 7 | 0 | 0 | 2 min 5 s |');
  for (const wrong of [{ failed: 1 }, { skipped: 1 }]) {
    expect(verifiedPage({ ...run, steps, total: { ...passed, ...wrong } })).toContain(': red.');
  }
});
