const MAX_CHARACTERS = 500;
const MAX_LINKS = 5;

/**
 * What is wrong with a text, or null. 500 bytes of UTF-8, which its documentation says of emoji alone, and at most five different links:
 * developers.facebook.com/documentation/threads, posts and overview.
 */
export function textProblem(text: string): string | null {
  if (text.trim() === '') return 'Param text is required';
  if (Buffer.byteLength(text) > MAX_CHARACTERS)
    return 'Param text must be at most 500 characters long.';
  const links = new Set(text.match(/https?:\/\/\S+/gi));
  return links.size > MAX_LINKS ? 'THREADS_API__LINK_LIMIT_EXCEEDED' : null;
}
