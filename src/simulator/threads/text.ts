const MOST = 500;
const MOST_LINKS = 5;
const EMOJI =
  /^(?:\p{Extended_Pictographic}|\p{Regional_Indicator}|\p{Emoji_Modifier}|\u200d|\ufe0f|\u20e3)$/u;

/**
 * What is wrong with a text, or null. 500 characters, emoji as the bytes they have in UTF-8, and at most five different links:
 * developers.facebook.com/documentation/threads, posts and overview.
 */
export function textProblem(text: string): string | null {
  if (text.trim() === '') return 'Param text is required';
  let size = 0;
  for (const sign of text) size += EMOJI.test(sign) ? Buffer.byteLength(sign) : 1;
  if (size > MOST) return 'Param text must be at most 500 characters long.';
  const links = new Set(text.match(/https?:\/\/\S+/gi));
  return links.size > MOST_LINKS ? 'THREADS_API__LINK_LIMIT_EXCEEDED' : null;
}
