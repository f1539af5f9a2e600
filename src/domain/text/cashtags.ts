import { replaceLinks } from './links.ts';

/** As twitter-text has them, also after other signs than a blank: what X counts is not published, so the strictest reading. */
const CASHTAG = /(?<![\p{L}\p{N}_$])\$[a-z]{1,6}(?:[._][a-z]{1,2})?(?![\p{L}\p{N}])/giu;

/** The cashtags of a text, such as $ABC, in order; within a link there is none. */
export function cashtagsIn(text: string): string[] {
  return replaceLinks(text, ' ').match(CASHTAG) ?? [];
}
