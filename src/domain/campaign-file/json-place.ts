/** A piece of JSON (RFC 8259) and the blanks before it: a string, a number or word, or a sign. */
const PIECE =
  /[ \t\n\r]*(?:(?<string>"[ -!#-[\]-\u{10FFFF}]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[ -!#-[\]-\u{10FFFF}]*)*")|(?<plain>-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)|(?<sign>[{}[\],:]))/uy;

/** What may come next, in the order of an object: a name or its end, a name, a colon, a value, a comma or the end. */
type Next = 'first name' | 'name' | 'colon' | 'first value' | 'value' | 'comma';

export interface JsonPlace {
  line: number;
  column: number;
  seen: string;
}

/** What is wrong with a text that is no JSON, and the mend. */
export function notJson(place: JsonPlace | null): string {
  const { line = 1, column = 1, seen = '' } = place ?? {};
  const at = `line ${line}, column ${column}`;
  const where = seen === '' ? `it ends too soon, at ${at}` : `${at}: "${seen}"`;
  return `is not JSON${place ? ` (${where})` : ''}; check the brackets, commas and quotes`;
}

/** Where a text ceases to be JSON: line and column, counted from 1, and what stands there, empty at the end. Null for JSON. */
export function jsonPlace(text: string): JsonPlace | null {
  const at = breakOf(text);
  if (at === null) return null;
  const before = text.slice(0, at).split('\n');
  const [seen = ''] = text.slice(at, at + 40).split(/\r?\n/, 1);
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1, seen };
}

function breakOf(text: string): number | null {
  const open: string[] = [];
  let next: Next = 'value';
  let at = 0;
  while (true) {
    PIECE.lastIndex = at;
    const piece = PIECE.exec(text);
    const start = at + text.slice(at).search(/[^ \t\n\r]|$/);
    if (next === 'comma' && open.length === 0) return start === text.length ? null : start;
    const after: Next | null = piece && follow(piece, next, open);
    if (!after) return start;
    next = after;
    at = PIECE.lastIndex;
  }
}

/** What may come behind a piece, or null where the piece may not stand. Brackets open and close in `open`. */
function follow({ groups = {} }: RegExpExecArray, next: Next, open: string[]): Next | null {
  const { string, sign } = groups;
  const isValue = next === 'value' || next === 'first value';
  if (sign === undefined) {
    if (isValue) return 'comma';
    return string !== undefined && /name$/.test(next) ? 'colon' : null;
  }
  if (sign === '{' || sign === '[') {
    if (!isValue) return null;
    open.push(sign);
    return sign === '{' ? 'first name' : 'first value';
  }
  if (sign === ':') return next === 'colon' ? 'value' : null;
  if (sign === ',') {
    if (next !== 'comma') return null;
    return open.at(-1) === '{' ? 'name' : 'value';
  }
  const isEmpty = next === (sign === '}' ? 'first name' : 'first value');
  if (next !== 'comma' && !isEmpty) return null;
  return open.pop() === (sign === '}' ? '{' : '[') ? 'comma' : null;
}
