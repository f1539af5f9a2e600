import { cpus, totalmem } from 'node:os';
import type { Goal } from './goal.ts';

/** What a run was made on and of. */
export interface Circumstances {
  date: string;
  cores: number;
  cpu: string;
  memoryGib: number;
  node: string;
  /** Its settings. */
  postgres: string;
  /** Of the simulator. */
  seed: number;
  arguments: string;
}

export function circumstances(
  postgres: string,
  seed: number,
  args: readonly string[],
): Circumstances {
  return {
    date: new Date().toISOString(),
    cores: cpus().length,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    memoryGib: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    postgres,
    seed,
    arguments: args.join(' '),
  };
}

export function circumstanceLines(c: Circumstances): string {
  return [
    `\`npm run bench -- ${c.arguments}\`, ${c.date}`,
    `${c.cores} cores (${c.cpu}), ${c.memoryGib} GiB, Node ${c.node}; PostgreSQL with ${c.postgres}; seed ${c.seed}.`,
  ].join('  \n');
}

/** A Markdown table whose columns line up; every column but the first `left` is of numbers. */
export function table(head: readonly string[], rows: readonly string[][], left = 1): string {
  const widths = head.map((name, i) =>
    Math.max(name.length, 3, ...rows.map((row) => (row[i] ?? '').length)),
  );
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, i) => pad(cells[i] ?? '', width, i < left)).join(' | ')} |`;
  const rule = widths.map((width, i) =>
    i < left ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}

function pad(text: string, width: number, left: boolean): string {
  return left ? text.padEnd(width) : text.padStart(width);
}

export function goalTable(goals: readonly Goal[]): string {
  const rows = goals.map(({ figure, goal, measured, unit, reached }) => [
    figure,
    goal,
    measured === null ? '-' : `${measured} ${unit}`.trim(),
    reachedWord(goal, reached),
  ]);
  return table(['figure', 'goal', 'measured', 'reached'], rows, 2);
}

/** What has no goal is a measure for the other figures. */
function reachedWord(goal: string, reached: boolean | null): string {
  if (goal === '-') return '-';
  return reached === null ? 'not measured' : reached ? 'yes' : 'no';
}

/** A figure as people read it; what could not be measured is a dash. */
export function figure(value: number | null | undefined): string {
  return value === null || value === undefined || !Number.isFinite(value) ? '-' : value.toFixed(1);
}

/** What stands above the sections. */
export const PAGE_HEAD =
  '# Measured\n\nMade by `npm run bench`, which writes over it; `docs/design.md` has the reasons for the goals.\n';
