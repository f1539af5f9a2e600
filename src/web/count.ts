import { isTaken } from '../domain/text-rule.ts';
import { lengthWords, tooLongWords } from './components/text-sheets.tsx';
import { translator } from './i18n.ts';
import type { WordsView } from './join-views.ts';

/** What the counter beside a text of one's own is told. */
export interface CountAnswer {
  /** `words`: as they stand below the text. */
  lengths: readonly { platform: string; words: string; over: boolean }[];
  /** What is wrong with the text, for whoever listens; '' while nothing is. */
  said: string;
}

/** The counts of a text of one's own, in words of the page's language. */
export function countAnswer({ on, problem }: WordsView['own'], locale: string): CountAnswer {
  const t = translator(locale);
  return {
    lengths: on.map((one) => ({
      platform: one.platform,
      words: lengthWords(one, locale, t),
      over: !isTaken(one),
    })),
    said: problem ? t(`problem.${problem.kind}`, problem.values) : tooLongWords(on, locale, t),
  };
}
