import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type LineCounter,
  type Node,
  Scalar,
} from 'yaml';
import { type FieldProblem, InputError } from '../errors.ts';
import { canonicalLocale } from '../locale.ts';
import { PLACE_IN_TEXT } from '../text/text-place.ts';
import { scalarSigns } from './yaml-signs.ts';

/**
 * Where the fields of a YAML file stand in it. Checks see plain data, from a file or from JSON, and name a line of the text in a
 * field; for a file that is turned into the line of the file here.
 */
export interface FilePlaces {
  text: string;
  document: Document.Parsed;
  lines: LineCounter;
  /** Fields that were replaced after the file was read, so that its lines say nothing of them. */
  replaced: readonly string[];
}

/** A field's name and its value in the file; an item of a list has no name. */
interface Entry {
  at: number;
  value: Node | null;
  /** Made when it is first asked for; a text can have thousands of problems. */
  layout?: TextLayout;
}

/** Where the characters of a text stand that are no blanks: YAML folds lines, sets them in and escapes characters. */
interface TextLayout {
  /** The lines as they are kept, without empty ones at the beginning. */
  lines: readonly string[];
  /** For each line: how many such characters are before it. */
  before: readonly number[];
  /** For each such character: how many UTF-16 units into the file. */
  signs: readonly number[];
}

const placesOf = new WeakMap<object, FilePlaces>();

/** Fields within fields that are looked at; a campaign has 3. Aliases may hold themselves. */
const MAX_DEPTH = 6;

/** Keeps where the fields of this data stand in the file that it was read from. */
export function rememberPlaces(data: object, places: Omit<FilePlaces, 'replaced'>): void {
  placesOf.set(data, { ...places, replaced: [] });
}

/** The data of a file with some of its fields replaced; of the others the places stay known. */
export function replaceFields(
  data: Readonly<Record<string, unknown>>,
  fields: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const changed = { ...data, ...fields };
  const places = placesOf.get(data);
  if (places) placesOf.set(changed, { ...places, replaced: Object.keys(fields) });
  return changed;
}

/** Runs checks on `data`; where it came from a file, the problems they throw name lines of that file. @throws InputError */
export function withFileLines<T>(data: unknown, check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(inFileLines(data, error.problems));
  }
}

/** Problems of `data` with the lines of the file it came from; as they are where it came from elsewhere. */
export function inFileLines(data: unknown, problems: readonly FieldProblem[]): FieldProblem[] {
  const places = typeof data === 'object' && data !== null ? placesOf.get(data) : undefined;
  if (!places || problems.length === 0) return [...problems];
  const entries = entriesOf(places.document);
  return problems.map((problem) => inFile(problem, entries, places));
}

function inFile(
  problem: FieldProblem,
  entries: ReadonlyMap<string, Entry>,
  places: FilePlaces,
): FieldProblem {
  const { field, message } = problem;
  const [root = ''] = field.split(/[.[]/);
  const entry = places.replaced.includes(root) ? undefined : nearestEntry(field, entries);
  if (!entry) return problem;
  const { lines, text } = places;
  const translated = message.replace(PLACE_IN_TEXT, (_, line: string, column?: string) => {
    const at = offsetInFile(text, entry, Number(line), Number(column ?? 1));
    const { line: fileLine, col } = lines.linePos(at);
    // Within " " many lines of a text can stand on one line of the file.
    const isEscaped = isScalar(entry.value) && entry.value.type === Scalar.QUOTE_DOUBLE;
    const where = column === undefined && !isEscaped ? '' : `, column ${col}`;
    return `line ${fileLine} of the file${where}`;
  });
  if (translated !== message) return { ...problem, message: translated };
  return { ...problem, message: `${message} (line ${lines.linePos(entry.at).line} of the file)` };
}

/** The entry of a field, or of what it would stand in. */
function nearestEntry(field: string, entries: ReadonlyMap<string, Entry>): Entry | undefined {
  for (let path = field; path !== ''; path = path.replace(/(?:^|\.|\[)[^.[]*$/, '')) {
    const entry = entries.get(path);
    if (entry) return entry;
  }
  return undefined;
}

/** Every field by its dotted path, under a locale's canonical spelling as well. */
function entriesOf(document: Document.Parsed): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  const walk = (given: unknown, paths: readonly string[], depth: number) => {
    const node = isAlias(given) ? given.resolve(document) : given;
    if (depth > MAX_DEPTH) return;
    const add = (inner: readonly string[], at: number, value: unknown) => {
      const found = isAlias(value) ? value.resolve(document) : value;
      for (const path of inner) entries.set(path, { at, value: (found ?? null) as Node | null });
      walk(value, inner, depth + 1);
    };
    if (isSeq(node)) {
      for (const [index, item] of node.items.entries()) {
        const at = (item as Node | null)?.range?.[0] ?? 0;
        const inner = paths.map((path) => `${path}[${index}]`);
        add(inner, at, item);
      }
    }
    if (!isMap(node)) return;
    for (const { key, value } of node.items) {
      if (!isScalar(key)) continue;
      const name = String(key.value);
      const names = new Set([name, (depth > 0 && canonicalLocale(name)) || name]);
      const inner = paths.flatMap((path) =>
        [...names].map((one) => (path === '' ? one : `${path}.${one}`)),
      );
      add(inner, key.range?.[0] ?? 0, value);
    }
  };
  walk(document.contents, [''], 0);
  return entries;
}

/** Where in the file a line and column of a text stand; the place of the field where it holds no text. */
function offsetInFile(text: string, entry: Entry, line: number, column: number): number {
  const { at, value } = entry;
  if (!isScalar(value) || !value.range) return at;
  entry.layout ??= layoutOf(text, value, value.range);
  const { lines, before, signs } = entry.layout;
  const passed = countSigns(lines[line - 1]?.slice(0, column - 1) ?? '');
  return signs[(before[line - 1] ?? 0) + passed] ?? signs.at(-1) ?? at;
}

function layoutOf(text: string, scalar: Scalar, [start, end]: readonly number[]): TextLayout {
  const lines = String(scalar.value)
    .replace(/\r\n?/g, '\n')
    .replace(/^(?:[ \t]*\n)+/, '')
    .split('\n');
  const before: number[] = [];
  let count = 0;
  for (const line of lines) {
    before.push(count);
    count += countSigns(line);
  }
  const source = text.slice(start, end);
  const signs = scalarSigns(source, scalar.type ?? Scalar.PLAIN).map((at) => (start ?? 0) + at);
  return { lines, before, signs };
}

function countSigns(text: string): number {
  return text.replace(/[ \t]/g, '').length;
}
