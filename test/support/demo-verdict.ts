/** What the demo must come to, and how long it may take. */
export interface DemoGoal {
  supporters: number;
  /** The whole command, in seconds. */
  seconds: number;
}

/**
 * Judges a run of the demo by the JSON object on the last line of its standard output. Returns what is wrong with it;
 * nothing, when all is well.
 */
export function demoFaults(
  run: { code: number; stdout: string; seconds: number },
  goal: DemoGoal,
): string[] {
  const faults: string[] = [];
  if (run.code !== 0) faults.push(`exit code ${run.code}`);
  if (run.seconds > goal.seconds) {
    faults.push(`took ${run.seconds.toFixed(0)} s, of ${goal.seconds} allowed`);
  }
  const report = lastObject(run.stdout);
  if (report === null) return [...faults, 'its last line is not a JSON object'];
  const wanted: Record<string, number> = {
    supporters: goal.supporters,
    posted: goal.supporters,
    refused: 0,
    unconfirmed: 0,
    lost: 0,
    doubled: 0,
    early: 0,
  };
  for (const [name, value] of Object.entries(wanted)) {
    if (report[name] !== value) faults.push(`${name} is ${report[name]}, not ${value}`);
  }
  return faults;
}

function lastObject(stdout: string): Record<string, unknown> | null {
  const line = stdout.trimEnd().split('\n').at(-1) ?? '';
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? { ...value } : null;
  } catch {
    // Whatever is not JSON is no report; the caller says so.
    return null;
  }
}
