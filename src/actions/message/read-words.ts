import type { CampaignContent } from '../../domain/campaign.ts';
import { type FieldProblem, InputError, type ProblemKind } from '../../domain/errors.ts';
import type { SupporterField, SupporterValues } from '../../domain/supporter-field.ts';
import type { TextRule } from '../../domain/text-rule.ts';
import {
  checkOwnWords,
  ownLimit,
  textLocaleIn,
  toWordings,
  type Words,
} from '../../domain/words.ts';
import { readBlanks, toBlankValues } from './compose-message.ts';

/** Words as they were typed or chosen on a page, not checked yet. */
export interface TypedWords {
  /** Which of the campaign's wordings; it need not be there. */
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

/**
 * Checks what a supporter typed against what the campaign allows. `wanted`: the language of the text, if it is one of those. `rules`: of the
 * platforms that it may be for, which say how long a text of one's own may be.
 */
export function readWords(
  content: CampaignContent,
  wanted: string,
  { variant, own, typed }: TypedWords,
  rules: readonly TextRule[],
): ReadWords {
  const textLocale = textLocaleIn(content, wanted);
  const { values, problems } = readBlanks(toBlankValues(content, textLocale), typed);
  const gone = toWordings(content, textLocale)[variant] === undefined;
  const words = { textLocale, variant: gone ? 0 : variant, own: null, typed: values };
  const blanks = toBlankValues(content, textLocale).map((name) => ({
    name,
    value: typed[name] ?? '',
    problem: problems.find((problem) => problem.field === name) ?? null,
  }));
  if (own === null) {
    return {
      words,
      blanks,
      problems: gone ? [...problems, choiceProblem('wording_gone')] : problems,
    };
  }
  // A text that the supporter wrote is never replaced by one of the campaign's without saying so.
  if (content.ownWords !== true) return { words, blanks, problems: [choiceProblem('own_closed')] };
  const checked = checkOwn(own, ownLimit(rules), content.locales);
  // Blanks are no part of one's own words, so nothing can be wrong with them.
  return typeof checked === 'string'
    ? { words: { ...words, own: checked }, blanks, problems: [] }
    : { words, blanks, problems: checked };
}

function choiceProblem(kind: ProblemKind): FieldProblem {
  return {
    field: 'wording',
    message: 'cannot be chosen; choose one of the texts that are shown',
    kind,
  };
}

function checkOwn(
  own: string,
  most: number,
  locales: readonly string[],
): string | readonly FieldProblem[] {
  try {
    return checkOwnWords(own, most, locales);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.problems;
  }
}
