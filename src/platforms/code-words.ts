/** Longest run of code words that the ledger keeps of an answer. */
const MAX_LENGTH = 100;
/** Codes of errors are shorter than the numbers of accounts and posts. */
const MAX_CODE = 9_999_999;
/** Stands for a word that is not known. */
const OTHER = 'other';

/**
 * What the ledger, the desk and the log may have of an answer: its status and those of its code words that the network documents.
 * Any other word stands there as `other`: a server may say whatever it likes, the name of a person for one, and nothing of it is
 * to lie in the records in clear. '' is no word.
 */
export function codeWords(
  status: number,
  given: readonly (string | number)[],
  known: ReadonlySet<string>,
): string {
  const words = given.filter((word) => word !== '').map((word) => wordOf(word, known));
  return [String(status), ...words].join(' ').slice(0, MAX_LENGTH);
}

function wordOf(word: string | number, known: ReadonlySet<string>): string {
  if (typeof word === 'string') return known.has(word) ? word : OTHER;
  return Number.isInteger(word) && Math.abs(word) <= MAX_CODE ? String(word) : OTHER;
}
