import { describe, expect, it } from 'vitest';
import {
  countLine,
  countReport,
  failedTests,
  type Report,
  readCountLine,
  skippedTests,
} from './count.ts';

const file = (status: string, ...statuses: string[]) => ({
  name: '/house/test/a.test.ts',
  status,
  assertionResults: statuses.map((one, index) => ({ status: one, fullName: ` t ${index}` })),
});

const report = (success: boolean, ...testResults: Report['testResults'][number][]): Report => ({
  success,
  testResults,
});

describe('the count', () => {
  it('adds up files, and counts whatever did not run as skipped', () => {
    const two = report(
      false,
      file('passed', 'passed', 'skipped', 'todo', 'pending'),
      file('failed', 'failed', 'passed'),
    );
    expect(countReport(two)).toEqual({ passed: 2, failed: 1, skipped: 3 });
  });

  it('counts a file that failed without a failed test', () => {
    expect(countReport(report(false, file('failed')))).toEqual({
      passed: 0,
      failed: 1,
      skipped: 0,
    });
    expect(countReport(report(false, file('failed', 'passed')))).toMatchObject({ failed: 1 });
  });

  it('counts a failure that no file shows', () => {
    expect(countReport(report(false, file('passed', 'passed')))).toMatchObject({ failed: 1 });
  });

  it('is written in one fixed form', () => {
    expect(countLine({ passed: 12, failed: 0, skipped: 3 })).toBe('12 passed, 0 failed, 3 skipped');
  });

  it('is read back, the last of several, and missed where there is none', () => {
    const text = 'said\n1 passed, 1 failed, 1 skipped\nmore\n7 passed, 0 failed, 2 skipped\n';
    expect(readCountLine(text)).toEqual({ passed: 7, failed: 0, skipped: 2 });
    expect(readCountLine('7 passed, some failed')).toBeNull();
  });

  it('names the skipped', () => {
    const one = report(true, file('passed', 'passed', 'skipped'));
    expect(skippedTests(one, '/house/')).toEqual(['test/a.test.ts: t 1']);
  });

  it('names the failed, and why each did', () => {
    const failureMessages = ['Error: 1 is not 2\n    at b.ts:1'];
    const two = report(
      false,
      {
        ...file('failed'),
        assertionResults: [{ status: 'failed', fullName: ' t', failureMessages }],
      },
      { ...file('failed', 'passed'), message: 'Cannot load x\nmore' },
      file('passed', 'passed'),
    );
    expect(failedTests(two, '/house/')).toEqual([
      'test/a.test.ts: t: Error: 1 is not 2',
      'test/a.test.ts: Cannot load x',
    ]);
  });
});
