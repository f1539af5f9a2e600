import type { FieldProblem } from '../errors.ts';

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
  const placeOf = placeFinder(json);
  const open: Level[] = [];
  for (const { 0: piece, 1: isName, index } of json.matchAll(PIECE)) {
    const level = open.at(-1);
    if (piece === '{' || piece === '[') open.push(within(level, piece));
    else if (piece === '}' || piece === ']') open.pop();
    else if (piece === ',' && level?.names === null) goOn(level);
    else if (isName && level?.names) {
      const name = String(JSON.parse(piece.slice(0, piece.lastIndexOf('"') + 1)));
      const count = (level.names.get(name) ?? 0) + 1;
      level.names.set(name, count);
      level.next = level.field === '' ? name : `${level.field}.${name}`;
      if (count === 2) {
        const message = `is here twice, again at ${placeOf(index)}; remove one`;
        problems.push({ field: level.next, message });
      }
    }
  }
  return problems;
}

/** Brackets within brackets; a campaign has 3. */
const MAX_DEPTH = 100;

/**
 * A text whose brackets are nested deeper than `MAX_DEPTH`, before it is parsed: what walks over the value recurses. The text need not
 * be JSON.
 */
export function depthProblem(json: string): FieldProblem | null {
  let depth = 0;
  for (const { 0: piece, index } of json.matchAll(PIECE)) {
    if (piece === '}' || piece === ']') depth -= 1;
    if (piece !== '{' && piece !== '[') continue;
    depth += 1;
    if (depth <= MAX_DEPTH) continue;
    const message = `is nested more than ${MAX_DEPTH} brackets deep (${placeFinder(json)(index)}); remove the brackets that are not needed`;
    return { field: 'body', message };
  }
  return null;
}

/** Says line and column of a place, counted from 1. Each place is behind the one before, so that all of the text is read once. */
function placeFinder(json: string): (index: number) => string {
  let line = 1;
  let start = 0;
  return (index) => {
    for (
      let end = json.indexOf('\n', start);
      end >= 0 && end < index;
      end = json.indexOf('\n', start)
    ) {
      line += 1;
      start = end + 1;
    }
    return `line ${line}, column ${index - start + 1}`;
  };
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
