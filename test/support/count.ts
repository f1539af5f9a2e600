/** What a run came to. */
export interface Count {
  passed: number;
  failed: number;
  skipped: number;
}

/** The part of vitest's JSON report that is read here. */
export interface Report {
  success: boolean;
  testResults: readonly {
    name: string;
    status: string;
    message?: string;
    assertionResults: readonly {
      status: string;
      fullName: string;
      failureMessages?: readonly string[];
    }[];
  }[];
}

/**
 * Counts tests. A file that failed though none of its tests did (it would not load, a hook threw) is a failure too, and
 * so is a run that failed for a reason that no file shows.
 */
export function countReport(report: Report): Count {
  const count: Count = { passed: 0, failed: 0, skipped: 0 };
  for (const file of report.testResults) {
    const statuses = file.assertionResults.map((test) => test.status);
    const failed = statuses.filter((status) => status === 'failed').length;
    count.failed += file.status === 'failed' ? Math.max(failed, 1) : failed;
    count.passed += statuses.filter((status) => status === 'passed').length;
    // "pending", "skipped", "todo" and whatever else did not run.
    count.skipped += statuses.filter((status) => !['passed', 'failed'].includes(status)).length;
  }
  if (!report.success && count.failed === 0) count.failed = 1;
  return count;
}

/** The full names of the tests that did not run, each after its file. */
export function skippedTests(report: Report, root: string): string[] {
  return report.testResults.flatMap((file) =>
    file.assertionResults
      .filter((test) => !['passed', 'failed'].includes(test.status))
      .map((test) => `${file.name.replace(root, '')}: ${test.fullName.trim()}`),
  );
}

/**
 * The full names of the tests that failed, each after its file, with the first line of why; and the files that failed though
 * none of their tests did.
 */
export function failedTests(report: Report, root: string): string[] {
  return report.testResults.flatMap(({ name, status, message, assertionResults }) => {
    const file = name.replace(root, '');
    const failed = assertionResults.filter((test) => test.status === 'failed');
    if (failed.length === 0) return status === 'failed' ? [`${file}: ${firstLine(message)}`] : [];
    return failed.map(
      ({ fullName, failureMessages }) =>
        `${file}: ${fullName.trim()}: ${firstLine(failureMessages?.[0])}`,
    );
  });
}

function firstLine(text = ''): string {
  return text.trim().split('\n', 1)[0] || 'it does not say why';
}

/** The last line of a run; scripts look for exactly this form. */
export function countLine({ passed, failed, skipped }: Count): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

/** The last count in this text, or null where it has none. */
export function readCountLine(text: string): Count | null {
  const lines = text.matchAll(/^(\d+) passed, (\d+) failed, (\d+) skipped$/gm);
  const last = [...lines].at(-1);
  if (!last) return null;
  const [, passed, failed, skipped] = last.map(Number);
  return { passed: passed ?? 0, failed: failed ?? 0, skipped: skipped ?? 0 };
}
