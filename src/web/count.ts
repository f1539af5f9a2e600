import { isTaken } from '../domain/text-rule.ts';
import { linksMadeWords } from './components/links-made.tsx';
import { lengthWords, tooLongWords } from './components/text-sheets.tsx';
import { type Translate, translator } from './i18n.ts';
import type { WordsView } from './views/join.ts';

/** What the counter beside a text of one's own is told. */
export interface CountAnswer {
  /** `words`: as they stand below the text. */
  lengths: readonly { platform: string; words: string; over: boolean }[];
  /** What is wrong with the text, or which names in it become links, for a screen reader; '' while there is nothing to say. */
  said: string;
}

/** The counts of a text of one's own, in words of the page's language. */
export function countAnswer(own: WordsView['own'], locale: string): CountAnswer {
  const { on, problem } = own;
  const t = translator(locale);
  return {
    lengths: on.map((one) => ({
      platform: one.platform,
      words: lengthWords(one, locale, t),
      over: !isTaken(one),
    })),
    said: problem ? t(`problem.${problem.kind}`, problem.values) : ownWords(own, locale, t),
  };
}

/** What a text of one's own, with which nothing is wrong, comes to: where it is too long, and what becomes a link. */
export function ownWords({ on, value }: WordsView['own'], locale: string, t: Translate): string {
  return [tooLongWords(on, locale, t), linksMadeWords({ text: value, on, locale, t })]
    .filter((one) => one !== '')
    .join(' ');
}
