import { cpus, totalmem } from 'node:os';

/** What figures were taken on, such as `2 cores, 24 GiB`. */
export function machine(): string {
  const memory = Math.round(totalmem() / 1024 ** 3);
  return `${cpus().length} cores, ${memory} GiB`;
}

/** A table for a page in docs. */
export function markdown(head: string[], rows: (string | number)[][]): string {
  const line = (cells: (string | number)[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
