import type { FieldProblem } from '../errors.ts';

/** Pieces of a JSON text: a string, with the colon that makes it a name, or a number. Outside of strings no other digits stand. */
const PIECE = /"(?:[^"\\]|\\.)*"(\s*:)?|-?\d[\d.eE+-]*/g;
const PLAIN = /^-?(?:0|[1-9]\d*)$/;

/**
 * Numbers in a JSON text that are not written in plain digits, each reported under the name before it. JSON.parse reads `10.000` as 10
 * and `1e3` as 1000, and whether 10 or 10,000 was meant cannot be told. Numbers beyond 2^53 are not reported here: the field's maximum
 * refuses them.
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
