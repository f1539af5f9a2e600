/** Errors whose message we make ourselves, out of statuses and words that are known. */
const OURS: ReadonlySet<string> = new Set([
  'Error',
  'GrantRefused',
  'TooLittleGranted',
  'AccountRefused',
  'AppRefused',
  'AskedToWait',
  'OutOfOrder',
  'LocatorRejected',
  'GraphRefused',
]);

/**
 * What the log may have of an error that came from a network, or from a library that speaks to one: a code, a message of our own,
 * or the error's kind. Other messages may hold the name of a server, or what an answer said.
 */
export function errorWord(error: unknown): string {
  const { name, message, code } = error as Error & { code?: unknown };
  if (typeof code === 'string' && code !== '') return code;
  if (OURS.has(name) && code === undefined) return message;
  return code === undefined ? name : `${name} ${code}`;
}
