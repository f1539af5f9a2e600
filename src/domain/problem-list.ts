import { type FieldProblem, InputError } from './errors.ts';

/** Everything found wrong so far. Checks go on after a problem, and ask `sound` before they look deeper. */
export class ProblemList {
  readonly problems: FieldProblem[];

  constructor(problems: readonly FieldProblem[]) {
    this.problems = [...problems];
  }

  add(field: string, message: string): void {
    this.problems.push({ field, message });
  }

  /** True when nothing is wrong with the field, nor with anything inside it. */
  isSound(field: string): boolean {
    return !this.problems.some((problem) => {
      if (!problem.field.startsWith(field)) return false;
      const rest = problem.field.slice(field.length);
      return rest === '' || rest.startsWith('.') || rest.startsWith('[');
    });
  }

  /** Runs a check that throws InputErrors: keeps their problems and gives null. */
  attempt<T>(check: () => T): T | null {
    try {
      return check();
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      this.problems.push(...error.problems);
      return null;
    }
  }
}
