import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repository } from './child.ts';
import type { Count } from './count.ts';
import { markdown } from './page.ts';

/** One part of a full run. */
export interface Step {
  name: string;
  count: Count;
  seconds: number;
}

/** A full run, and what it was of. */
export interface Verified {
  commit: string;
  date: string;
  machine: string;
  node: string;
  steps: readonly Step[];
  total: Count;
}

/** The page that tells of the last full run. */
export function verifiedPage(run: Verified): string {
  const { commit, date, machine, node, steps, total } = run;
  const row = (name: string, count: Count, seconds: number) => [
    ...[name, count.passed, count.failed, count.skipped],
    `${Math.floor(seconds / 60)} min ${seconds % 60} s`,
  ];
  const seconds = steps.reduce((sum, step) => sum + step.seconds, 0);
  return `# Verified

This page is written by \`npm run test:full\`, which runs everything there is: every test of every tier, in every language and on
every page, the whole matrix of ways to join, servers and clients that others wrote, and both demos.

Commit ${commit}, ${date}, Node ${node}, ${machine}: ${total.failed + total.skipped === 0 ? 'green' : 'red'}.

${markdown(
  ['part', 'passed', 'failed', 'skipped', 'time'],
  [...steps.map((step) => row(step.name, step.count, step.seconds)), row('all', total, seconds)],
)}
`;
}

export async function writeVerified(run: Verified): Promise<void> {
  await writeFile(join(repository, 'docs/verified.md'), verifiedPage(run));
}
