import { countBytes, countGraphemes } from '../../domain/text/count.ts';
import type { TextRefusal, TextRule } from '../../domain/text-rule.ts';

const MAX_BYTES = 3_000;

/**
 * 300 characters as people count them, and 3,000 bytes of UTF-8: maxGraphemes and maxLength in
 * lexicons/app/bsky/feed/post.json of bluesky-social/atproto.
 */
export const blueskyTextRule: TextRule = {
  platform: 'bluesky',
  label: 'Bluesky',
  limit: 300,
  measure: countGraphemes,
  refuses,
};

function refuses(text: string): TextRefusal | null {
  const found = countBytes(text);
  if (found <= MAX_BYTES) return null;
  const message = `Bluesky takes ${MAX_BYTES} bytes of UTF-8 a post, and here are ${found}; shorten it, or leave out emoji, of which one may have 25 bytes`;
  return { kind: 'most_bytes', most: MAX_BYTES, found, message };
}
