import { Type } from 'typebox';
import type { FieldProblem } from '../domain/errors.ts';

/** What is allowed in a campaign or an update and may not be meant, in JSON. */
export const WarningsJson = (until: string) =>
  Type.Array(Type.Object({ field: Type.String(), message: Type.String() }), {
    description: `What is allowed and may not be meant: look at it ${until}`,
  });

/** The same for the command line, a line each. */
export function describeWarnings(warnings: readonly FieldProblem[]): string[] {
  return warnings.map(({ field, message }) => `warning: ${field}: ${message}`);
}
