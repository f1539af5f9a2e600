import { countBytes, countGraphemes } from '../../domain/text/count.ts';
import type { TextRule } from '../../domain/text-rule.ts';

/** Source: lexicons/app/bsky/feed/post.json of bluesky-social/atproto: maxGraphemes 300, maxLength 3000 (bytes of UTF-8). */
const BYTES_PER_GRAPHEME = 10;

/** 300 characters as people count them, and 3000 bytes; a text of few but long characters is measured by its bytes. */
export const blueskyTextRule: TextRule = {
  platform: 'bluesky',
  label: 'Bluesky',
  limit: 300,
  measure: (text) =>
    Math.max(countGraphemes(text), Math.ceil(countBytes(text) / BYTES_PER_GRAPHEME)),
};
