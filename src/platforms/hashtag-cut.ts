const WORD = /^[\p{L}\p{M}\p{Nd}_]*/u;

/** What is left of a hashtag where it may hold letters, digits and underscores alone: a joiner or a middle dot ends it. */
export function leadingWord(tag: string): string {
  return WORD.exec(tag)?.[0] ?? '';
}
