import type { FieldProblem } from './errors.ts';

/** Pieces of a JSON text that say where in it one is: a string, with the colon that makes it a name, a bracket, or a comma. */
const PIECE = /"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?|[{}[\],]/g;

/** An object or array that is open at some place of the text. */
interface Level {
  /** Its own field. */
  field: string;
  /** How often each name is in it; null for an array. */
  names: Map<string, number> | null;
  /** The field of what comes next in it. */
  next: string;
  /** Of an array: how many are before what comes next. */
  index: number;
}

/**
 * Names that an object of a JSON text has more than once, as fields. JSON.parse keeps the last of them and says nothing, so that the
 * others would be lost. The text has to be JSON.
 */
export function repeatedNames(json: string): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const open: Level[] = [];
  for (const [piece, isName] of json.matchAll(PIECE)) {
    const level = open.at(-1);
    if (piece === '{' || piece === '[') open.push(within(level, piece));
    else if (piece === '}' || piece === ']') open.pop();
    else if (piece === ',' && level?.names === null) goOn(level);
    else if (isName && level?.names) {
      const name = String(JSON.parse(piece.slice(0, piece.lastIndexOf('"') + 1)));
      const count = (level.names.get(name) ?? 0) + 1;
      level.names.set(name, count);
      level.next = level.field === '' ? name : `${level.field}.${name}`;
      if (count === 2) problems.push({ field: level.next, message: 'is here twice; remove one' });
    }
  }
  return problems;
}

function within(level: Level | undefined, bracket: '{' | '['): Level {
  const field = level?.next ?? '';
  if (bracket === '{') return { field, names: new Map(), next: field, index: 0 };
  return { field, names: null, next: `${field}[0]`, index: 0 };
}

function goOn(array: Level): void {
  array.index += 1;
  array.next = `${array.field}[${array.index}]`;
}
