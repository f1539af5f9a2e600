import type { TextRule } from '../../domain/text-rule.ts';
import { leadingWord } from '../hashtag-cut.ts';

/** 63 206 UTF-16 units in a post, the limit that Facebook has announced since 2011; its documentation names none. */
export const facebookTextRule: TextRule = {
  platform: 'facebook',
  label: 'Facebook Pages',
  limit: 63_206,
  measure: (text) => text.length,
  // Its help says: one word, without punctuation and special characters.
  hashtagOf: leadingWord,
};
