/**
 * The few errors that this product raises on purpose. Each says whose move it is: the caller's
 * (`InputError`, `NotFoundError`, `ConflictError`) or the operator's (`ConfigurationError`, `SealError`).
 * Anything else that is thrown is a bug or the network.
 */

/** One thing wrong with an input: the field (dotted path), what is wrong, and the mend. */
export interface FieldProblem {
  field: string;
  message: string;
  /** Names the sentence on supporters' pages, in their language; without one there is no page that shows it. */
  kind?: ProblemKind;
  /** What goes into that sentence. */
  values?: Readonly<Record<string, string | number>>;
}

/** What can be wrong with what a supporter types; each is a sentence of the interface. */
export const PROBLEM_KINDS = [
  'field_too_long',
  'field_characters',
  'own_closed',
  'own_empty',
  'own_too_long',
  'own_character',
  'own_damaged',
  'wording_gone',
] as const;
export type ProblemKind = (typeof PROBLEM_KINDS)[number];

/** The caller sent something that cannot be taken; nothing was stored. Carries every problem found, not only the first. */
export class InputError extends Error {
  override readonly name = 'InputError';
  readonly problems: readonly FieldProblem[];
  constructor(problems: readonly FieldProblem[]) {
    super(problems.map((p) => `${p.field}: ${p.message}`).join('\n'));
    this.problems = problems;
  }
}

/** What was asked for is not here, or not for the caller to see. `field`: what of the request names it. */
export class NotFoundError extends Error {
  override readonly name = 'NotFoundError';
  readonly problems: readonly FieldProblem[];
  constructor(message: string, field = 'path') {
    super(message);
    this.problems = [{ field, message }];
  }
}

/** There is no campaign with this slug. */
export function noCampaign(slug: string): NotFoundError {
  const message = `There is no campaign "${slug}"; check how its slug is written`;
  return new NotFoundError(message, 'slug');
}

/**
 * What was asked cannot be done in the state things are in. `code` is a stable word for programs; `field` is what was sent that stands
 * in the way, and without one it is the state of what the request names.
 */
export class ConflictError extends Error {
  override readonly name = 'ConflictError';
  readonly code: string;
  readonly field: string | undefined;
  readonly problems: readonly FieldProblem[];
  constructor(code: string, message: string, field?: string) {
    super(field === undefined ? message : `${field}: ${message}`);
    this.code = code;
    this.field = field;
    this.problems = [{ field: field ?? 'state', message }];
  }
}

/** What lies sealed in a row cannot be opened: other bytes than were sealed there, or sealed under another master key. */
export class SealError extends Error {
  override readonly name = 'SealError';
}

/** This process does not have the master key that the value is sealed under: of the value itself that says nothing. */
export class MasterKeyMissing extends SealError {}

/** The instance cannot start as configured; the message is one line that names the variable and the mend. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/** Why the database does nothing for us now. `silent`: it does not answer, or says nothing that we know. */
export type AwayReason =
  | 'silent'
  | 'read-only'
  | 'disk-full'
  | 'out-of-memory'
  | 'no-connections'
  | 'refused';

/** The database does not answer, or takes nothing now; it may in a moment. What was asked for has not been done, or its end is not known. */
export class DatabaseAwayError extends Error {
  override readonly name = 'DatabaseAwayError';
  /** A sign-in at a network was under way, and the caller can come back with it: nothing of it has been used up. */
  readonly unspent: boolean;
  readonly reason: AwayReason;
  constructor(
    message: string,
    options: { cause?: unknown; unspent?: boolean; reason?: AwayReason } = {},
  ) {
    super(message, { cause: options.cause });
    this.reason = options.reason ?? 'silent';
    this.unspent = options.unspent ?? false;
  }
}
