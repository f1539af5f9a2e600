/** A row of a Markdown table, its cells by the names of its columns. */
export type TableRow = Readonly<Record<string, string>>;

/** A page of docs, or the part of it between `<!-- name -->` and `<!-- end of name -->`. */
export interface Page {
  /** For errors: `docs/bench.md, fire`. */
  name: string;
  text: string;
}

/** The part of a page with this name; null where the page has none. */
export function sectionOf({ name, text }: Page, section: string): Page | null {
  const [begin, end] = [`<!-- ${section} -->`, `<!-- end of ${section} -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) return null;
  return { name: `${name}, ${section}`, text: text.slice(from + begin.length, to) };
}

/** The rows of every table of the page whose head has this column. */
export function rowsWith(page: Page, column: string): TableRow[] {
  const rows: TableRow[] = [];
  let head: string[] | null = null;
  for (const line of page.text.split('\n')) {
    const cells = cellsOf(line);
    if (cells === null) head = null;
    else if (head === null) head = cells;
    else if (!cells.every((cell) => /^:?-+:?$/.test(cell)) && head.includes(column)) {
      const names = head;
      rows.push(Object.fromEntries(cells.map((cell, index) => [names[index] ?? '', cell])));
    }
  }
  return rows;
}

function cellsOf(line: string): string[] | null {
  if (!line.startsWith('|')) return null;
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}

/** The one row with these cells. @throws when the page has no such row. */
export function rowWhere(page: Page, wanted: TableRow): TableRow {
  const [column = ''] = Object.keys(wanted);
  const row = rowsWith(page, column).find((one) =>
    Object.entries(wanted).every(([name, cell]) => one[name] === cell),
  );
  if (row === undefined) throw new Error(`${page.name}: no row with ${JSON.stringify(wanted)}`);
  return row;
}

/** A number of a row; what stands behind it, such as its unit, is left out. @throws when there is none. */
export function numberIn(page: Page, row: TableRow, column: string): number {
  const number = Number.parseFloat(row[column] ?? '');
  if (Number.isNaN(number)) throw new Error(`${page.name}: no number in the column ${column}`);
  return number;
}
