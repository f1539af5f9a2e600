/**
 * What a supporter lets us do at a platform, as wide as the platform makes it. Each is a sentence on the page that asks for an
 * account, and another of what is out of its reach.
 */
export const PERMISSIONS = [
  /** Making posts, and seeing what the account is called. */
  'posts',
  /** That, and reading what the account can read there. */
  'reads',
  /** Posting, commenting and liking, and seeing the name and the picture. */
  'acts',
  /** Posting to pages that the person looks after. */
  'pages',
  /** That, and seeing and changing business portfolios, which is only asked of who misses a page of theirs. */
  'portfolios',
  /** None: the person signs one post, and we pass it on. */
  'signature',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** What becomes of it once it is not needed any more: every sentence that promises it follows from this. */
export const RETURNS = [
  /** It is given back at the platform, and destroyed here. */
  'revoked',
  /** The same, but with the last campaign that the account has joined here: they all hold one and the same. */
  'shared',
  /** It is destroyed here; at the platform only the person can end it for certain. */
  'forgotten',
  /** There was none: what was signed is destroyed. */
  'unsent',
] as const;
export type Return = (typeof RETURNS)[number];
