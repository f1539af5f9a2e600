import { InputError } from '../../src/domain/errors.ts';

/** The problems that an action is refused with, as `field: message`; empty when it is not refused. */
export function problemsOf(action: () => unknown): string[] {
  try {
    action();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.problems.map(({ field, message }) => `${field}: ${message}`);
  }
  return [];
}
