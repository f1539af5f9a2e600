import { readFile, writeFile } from 'node:fs/promises';
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

/** Puts a section in its place in a page, and leaves the other sections as they are; `head` begins a page that is not there yet. */
export async function writeSection(
  file: string,
  head: string,
  name: string,
  text: string,
): Promise<void> {
  const page = await readFile(file, 'utf8').catch(() => head);
  await writeFile(file, withSection(page, name, text));
}

export function withSection(page: string, name: string, text: string): string {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
  const section = `${begin}\n${text.trimEnd()}\n${end}`;
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from < 0 || to < from) return `${page.trimEnd()}\n\n${section}\n`;
  return page.slice(0, from) + section + page.slice(to + end.length);
}
