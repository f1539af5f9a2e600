/** What every platform is asked, by the words of the table, in its order. */
export const CASES = {
  join: 'joins: authorizes, exchanges the code, says who it is',
  refuse: 'refuses: consent denied, a wrong code, a used code',
  refresh: 'refreshes a grant',
  refreshTwice: 'refuses a refresh token that was used',
  post: 'posts, and tells id and address',
  texts: 'posts every text to the byte',
  tooLong: 'refuses a text that is too long',
  warning: 'puts a content warning before the text',
  posted: 'finds a post whose answer was lost',
  notPosted: 'says absent of a post that was lost, which then goes out once',
  notSent: 'knows that nothing was sent where nobody listens',
  accountLimit: 'waits for the limit of one account',
  appLimit: 'is throttled by the limit of the app or host',
  expired: 'knows a grant that has expired',
  revoked: 'knows a grant that was revoked',
  whyDead: 'knows what became of an account whose grant is dead',
  errors: 'knows every answer of its error table',
  appProblem: 'tells the app’s problems from the supporter’s',
  revoke: 'gives a grant back',
  warm: 'warms up without posting',
  prepared: 'keeps a prepared post to itself',
} as const;

export type Case = keyof typeof CASES;

/** The name of a platform's tests; the table finds them by it. */
export function suiteName(label: string): string {
  return `${label} keeps the contract`;
}

/** The one test of a case that a platform does not have; the table shows why. */
export const LACK = 'there is no such thing: ';
