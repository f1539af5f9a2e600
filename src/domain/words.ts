import type { CampaignContent } from './campaign.ts';
import { characterProblem, FORBIDDEN_CHARACTER, tidy } from './characters.ts';
import { type FieldProblem, InputError } from './errors.ts';
import type { SupporterValues } from './supporter-field.ts';
import { compileTemplate, messageValues, TEMPLATE_MAX } from './template.ts';

/** What a supporter chose to say: one of the campaign's wordings, or their own words. */
export interface Words {
  /** One of the campaign's locales. */
  textLocale: string;
  /** Which wording of that locale: 0 is the message, 1 the first variant, ... */
  variant: number;
  /** Where the campaign allows it, what is posted in place of any wording. */
  own: string | null;
  /** What goes into the wording's blanks. */
  typed: SupporterValues;
}

/** The longest text of one's own that is read, in UTF-16 units; each platform has its own limit below that. */
export const OWN_MAX = TEMPLATE_MAX;

/** The templates of one locale that a supporter can choose from: the message first, then its variants. */
export function wordingsOf(content: CampaignContent, locale: string): readonly string[] {
  const message = content.messages[locale];
  return message === undefined ? [] : [message, ...(content.variants?.[locale] ?? [])];
}

/**
 * Byte for byte what is posted for these words, on whatever platform. The values in `typed` have been checked.
 * @throws InputError when own words are not allowed, or there is no such wording.
 */
export function renderWords(content: CampaignContent, words: Words): string {
  if (words.own !== null) {
    if (content.ownWords !== true) throw new InputError([problem('own_closed', {})]);
    return words.own;
  }
  const template = wordingsOf(content, words.textLocale)[words.variant];
  if (template === undefined) throw new InputError([problem('wording_gone', {})]);
  return compileTemplate(template).render(messageValues(content, words.textLocale, words.typed));
}

/** Two joiners or blanks of no width after one another: they join nothing, and what cannot be seen cannot be agreed to. */
const UNSEEN = /[\u200B-\u200D\u2060\u180E\u00AD]{2}/u;

/**
 * The text that somebody typed as their own, as it will be posted: NFC, LF, trimmed.
 * @throws InputError on `own`, with the kind of the problem, when it is empty, too long, or holds what must not be posted.
 */
export function checkOwnWords(typed: string): string {
  const text = tidy(typed);
  if (text === '') throw new InputError([problem('own_empty', {})]);
  if (text.length > OWN_MAX) {
    throw new InputError([problem('own_too_long', { length: text.length, most: OWN_MAX })]);
  }
  const bad = characterProblem(text, 'lines');
  if (bad) throw new InputError([problem('own_character', placeOf(text, FORBIDDEN_CHARACTER))]);
  if (UNSEEN.test(text)) throw new InputError([problem('own_character', placeOf(text, UNSEEN))]);
  return text;
}

function placeOf(text: string, pattern: RegExp): Record<string, string | number> {
  const at = Math.max(0, text.search(pattern));
  const code = (text.codePointAt(at) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  const before = text.slice(0, at).split('\n');
  return { code: `U+${code}`, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

const ENGLISH = {
  own_closed: 'own words are not allowed in this campaign; choose one of its texts',
  wording_gone: 'there is no such text; choose one of those that are shown',
  own_empty: 'is empty; write what you want to say',
  own_too_long: 'is too long; shorten it',
  own_character: 'holds a character that must not be posted; remove it',
} as const;

function problem(
  kind: keyof typeof ENGLISH,
  values: Readonly<Record<string, string | number>>,
): FieldProblem {
  return { field: 'own', message: ENGLISH[kind], kind, values };
}
