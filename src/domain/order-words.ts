import { characterProblem } from './characters.ts';
import { InputError } from './errors.ts';

const NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._@-]{0,59}$/u;

/**
 * A name of an operator, an API key, or whoever gives an order at the command line, as ledgers and the audit log have it. A key's
 * orders are noted as `key:NAME`, which nobody can be called. @throws InputError
 */
export function checkName(field: string, name: string): string {
  if (NAME.test(name)) return name;
  const message = 'give a name of 1 to 60 letters, digits, blanks, dots or hyphens';
  throw new InputError([{ field, message }]);
}

const MAX_REASON_LENGTH = 200;

/** Why an order is given, on one line, for the ledger and for logs; '' for none. @throws InputError */
export function checkReason(reason: string): string {
  const problem = reasonProblem(reason);
  if (problem === null) return reason.trim();
  throw new InputError([{ field: 'reason', message: problem }]);
}

function reasonProblem(reason: string): string | null {
  if ([...reason].length > MAX_REASON_LENGTH) {
    return `has more than ${MAX_REASON_LENGTH} characters; shorten it`;
  }
  if (characterProblem(reason, 'line') !== null) {
    return 'must be a single line; remove line breaks and characters that cannot be seen';
  }
  return reason !== '' && reason.trim() === '' ? 'is blank; say why, or leave it out' : null;
}
