import type { TextRule } from '../../domain/text-rule.ts';

/** Source: lexicons/app/bsky/feed/post.json of bluesky-social/atproto: maxGraphemes 300, maxLength 3000 (bytes of UTF-8). */
const BYTES_PER_GRAPHEME = 10;

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** 300 characters as people count them, and 3000 bytes; a text of few but long characters is measured by its bytes. */
export const blueskyTextRule: TextRule = {
  platform: 'bluesky',
  label: 'Bluesky',
  limit: 300,
  measure: (text) =>
    Math.max(
      [...graphemes.segment(text)].length,
      Math.ceil(Buffer.byteLength(text) / BYTES_PER_GRAPHEME),
    ),
};
