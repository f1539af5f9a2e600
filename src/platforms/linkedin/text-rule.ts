import type { TextRule } from '../../domain/text-rule.ts';
import { leadingWord } from '../hashtag-cut.ts';
import { little } from './little.ts';

/**
 * 3,000 characters. It is not said whether the signs that escape others count, so they do here: a text that fits by this
 * count fits by any. learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/posts-api, li-lms-2026-01.
 */
export const linkedinTextRule: TextRule = {
  platform: 'linkedin',
  label: 'LinkedIn',
  limit: 3_000,
  measure: (text) => little(text).length,
  // Its help says: no blanks, punctuation or special characters.
  hashtagOf: leadingWord,
};
