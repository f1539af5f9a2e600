import twitterText from 'twitter-text';
import type { TextRule } from '../../domain/text-rule.ts';

/**
 * X's weighted count (docs.x.com, "Counting characters"; twitter-text configuration v3): 280 at most, every URL 23
 * whatever its length and also without a scheme, an emoji sequence 2, Latin to Georgian and general punctuation 1,
 * everything else 2. Counted on NFC, as X stores it. Needs the `twemoji-parser` override of package.json: without it
 * emoji newer than 2019 are miscounted.
 */
export const xTextRule: TextRule = {
  platform: 'x',
  label: 'X',
  limit: 280,
  measure: (text) => twitterText.parseTweet(text.normalize('NFC')).weightedLength,
};
