/** Characters of a list of scopes, RFC 6749 3.3, and the commas that some networks have between them. */
const LIST = /^[\x21\x23-\x5b\x5d-\x7e ]{1,2000}$/;

/**
 * What was granted, as an answer of a token endpoint says it: people may leave out a part of what is asked for. Where the answer
 * says nothing, it is what was asked for: RFC 6749 5.1.
 */
export function grantedScope(said: unknown, asked: string): string {
  const scope = typeof said === 'string' ? said.trim() : '';
  return LIST.test(scope) ? scope : asked;
}

/** Whether all of these are in a list of scopes. */
export function hasScopes(scope: string, needed: readonly string[]): boolean {
  const given = scopesIn(scope);
  return needed.every((name) => given.includes(name));
}

/** The scopes of a list, with blanks or commas between them. */
export function scopesIn(scope: string): string[] {
  return scope.split(/[\s,]+/).filter(Boolean);
}
