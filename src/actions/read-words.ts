import type { CampaignContent } from '../domain/campaign.ts';
import { type FieldProblem, InputError } from '../domain/errors.ts';
import type { SupporterField, SupporterValues } from '../domain/supporter-field.ts';
import { checkOwnWords, type Words, wordingsOf } from '../domain/words.ts';
import { blanksOf, readBlanks } from './compose-message.ts';

/** Words as somebody typed or chose them on a page; nothing is checked yet. */
export interface TypedWords {
  /** Which of the campaign's wordings. */
  variant: number;
  /** Null where one of the campaign's wordings was chosen. */
  own: string | null;
  typed: SupporterValues;
}

/** A blank with what was typed into it, and what is wrong with that. */
export interface Blank {
  name: SupporterField;
  value: string;
  problem: FieldProblem | null;
}

/** What was typed, made sound: what is wrong is told, and left out of `words`. */
export interface ReadWords {
  words: Words;
  blanks: readonly Blank[];
  problems: readonly FieldProblem[];
}

/** Checks what somebody typed against what the campaign allows. */
export function readWords(
  content: CampaignContent,
  textLocale: string,
  { variant, own, typed }: TypedWords,
): ReadWords {
  const { values, problems } = readBlanks(blanksOf(content, textLocale), typed);
  const wordings = wordingsOf(content, textLocale);
  const words = {
    textLocale,
    variant: wordings[variant] === undefined ? 0 : variant,
    own: null,
    typed: values,
  };
  const blanks = blanksOf(content, textLocale).map((name) => ({
    name,
    value: typed[name] ?? '',
    problem: problems.find((problem) => problem.field === name) ?? null,
  }));
  if (own === null || content.ownWords !== true) return { words, blanks, problems };
  const checked = checkOwn(own);
  // Blanks are no part of one's own words, so nothing can be wrong with them.
  return typeof checked === 'string'
    ? { words: { ...words, own: checked }, blanks, problems: [] }
    : { words, blanks, problems: checked };
}

function checkOwn(own: string): string | readonly FieldProblem[] {
  try {
    return checkOwnWords(own);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.problems;
  }
}
