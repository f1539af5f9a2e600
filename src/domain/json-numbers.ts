import type { FieldProblem } from './errors.ts';

/** Pieces of a JSON text: a string, with the colon that makes it a name, or a number. Outside of strings no other digits stand. */
const PIECE = /"(?:[^"\\]|\\.)*"(\s*:)?|-?\d[\d.eE+-]*/g;
const PLAIN = /^-?(?:0|[1-9]\d*)$/;

/**
 * Numbers in a JSON text that are not in plain digits, under the name they stand behind. JSON.parse makes 10 of `10.000`, and
 * 1000 of `1e3`; what was meant by them nobody knows. Numbers too large to be held exactly are left to their field, which has a largest
 * one.
 */
export function numberProblems(json: string): FieldProblem[] {
  const problems: FieldProblem[] = [];
  let field = 'body';
  for (const [piece, isName] of json.matchAll(PIECE)) {
    if (piece.startsWith('"')) {
      if (isName) field = piece.slice(1, piece.lastIndexOf('"'));
    } else if (!PLAIN.test(piece)) {
      problems.push({ field, message: notPlain(piece) });
    }
  }
  return problems;
}

/** What is wrong with a number as it is written, and the mend. */
export function notPlain(written: string): string {
  return `must be a whole number in plain digits, and "${written.slice(0, 40)}" is not; write it like 10000, without dots, commas, blanks, signs or quotes`;
}
