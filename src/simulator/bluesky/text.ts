import { graphemesOf } from '../graphemes.ts';

const MAX_GRAPHEMES = 300;
const MAX_BYTES = 3_000;

/** What is wrong with the text of a post, or undefined: lexicons/app/bsky/feed/post.json. */
export function textProblem(text: string): string | undefined {
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_BYTES) return 'text must not be longer than 3000 characters';
  // No text has more graphemes than bytes.
  if (bytes <= MAX_GRAPHEMES || graphemesOf(text) <= MAX_GRAPHEMES) return undefined;
  return 'text grapheme too big';
}
