import type { CampaignContent } from './campaign.ts';
import { characterProblem, FORBIDDEN_CHARACTER, tidy } from './characters.ts';
import { damageIn } from './damaged-text.ts';
import { type FieldProblem, InputError } from './errors.ts';
import type { SupporterValues } from './supporter-field.ts';
import { compileTemplate, messageValues } from './template.ts';
import { countCodePoints } from './text/count.ts';
import type { TextRule } from './text-rule.ts';

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

/** Always allowed, in code points: on X and Mastodon a link counts for less than its letters. */
const MIN_OWN_LIMIT = 2_000;
/** Never exceeded, in code points: measuring a longer text takes too long. */
const MAX_OWN_LIMIT = 10_000;

/** The most code points of a text of one's own: as many as the largest limit of these platforms, within the two bounds. */
export function ownLimit(rules: readonly Pick<TextRule, 'limit'>[]): number {
  const largest = Math.max(MIN_OWN_LIMIT, ...rules.map(({ limit }) => limit));
  return Math.min(MAX_OWN_LIMIT, largest);
}

/** The templates of one locale that a supporter can choose from: the message first, then its variants. */
export function toWordings(content: CampaignContent, locale: string): readonly string[] {
  // What is asked for may be any string, `constructor` among them.
  const message = Object.hasOwn(content.messages, locale) ? content.messages[locale] : undefined;
  return message === undefined ? [] : [message, ...(content.variants?.[locale] ?? [])];
}

/** What stands before posts in this locale, where a network has content warnings; null where the campaign has none. */
export function contentWarningIn(content: CampaignContent, locale: string): string | null {
  const warnings = content.contentWarning ?? {};
  return Object.hasOwn(warnings, locale) ? (warnings[locale] ?? null) : null;
}

/** `wanted` where the campaign is written in it, else the campaign's first language. */
export function textLocaleIn(content: CampaignContent, wanted: string): string {
  return content.locales.includes(wanted) ? wanted : (content.locales[0] ?? wanted);
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
  const template = toWordings(content, words.textLocale)[words.variant];
  if (template === undefined) throw new InputError([problem('wording_gone', {})]);
  return compileTemplate(template).render(messageValues(content, words.textLocale, words.typed));
}

/** Whether these words give this very text; never for words that the campaign has no more. */
export function giveText(content: CampaignContent, words: Words, text: string): boolean {
  if (words.own !== null) return content.ownWords === true && words.own === text;
  const known = toWordings(content, words.textLocale)[words.variant] !== undefined;
  return known && renderWords(content, words) === text;
}

/**
 * Words that give this text: a wording with nothing typed into it, or one's own. Null where blanks were filled in, or the
 * campaign has no such words any more.
 */
export function wordsFor(content: CampaignContent, textLocale: string, text: string): Words | null {
  const plain = toWordings(content, textLocale).map(
    (_template, variant): Words => ({ textLocale, variant, own: null, typed: {} }),
  );
  const own: Words = { textLocale, variant: 0, own: text, typed: {} };
  return [...plain, own].find((words) => giveText(content, words, text)) ?? null;
}

/** What cannot be seen: joiners and blanks of no width, fillers, and selectors of a letter's shape. */
const UNSEEN = '\\u00AD\\u034F\\u115F\\u1160\\u180E\\u200B-\\u200D\\u2060-\\u2064\\u3164\\uFFA0';
const SELECTORS = '\\u180B-\\u180D\\uFE00-\\uFE0F\\u{E0100}-\\u{E01EF}';
/**
 * One of them joins or shapes what is beside it, as in families of emoji; two after one another do nothing that can be seen,
 * and what cannot be seen cannot be agreed to. Tags are the flags of some countries, and anywhere else a text in hiding.
 */
const HIDDEN = new RegExp(
  `[${UNSEEN}]{2}|[${SELECTORS}]{2}|(?<!\\u{1F3F4}[\\u{E0020}-\\u{E007F}]{0,8})[\\u{E0000}-\\u{E007F}]`,
  'u',
);
const NOTHING_SEEN = new RegExp(`^[\\s\\u200E\\u200F\\u061C${UNSEEN}${SELECTORS}]*$`, 'u');

/** Whether there is nothing in a text that can be seen. */
export function showsNothing(text: string): boolean {
  return NOTHING_SEEN.test(text);
}

/**
 * A supporter's own text as it will be posted: NFC, LF, trimmed, a blank for a tab. `most`: of `ownLimit`.
 * @throws InputError on `own`, with the kind of the problem, when it is empty, too long, holds what must not be posted, or has lost
 * letters. `locales`: the campaign's, in whose letters it may be.
 */
export function checkOwnWords(
  typed: string,
  most: number,
  locales: readonly string[] = [],
): string {
  const text = tidyOwn(typed);
  if (showsNothing(text)) throw new InputError([problem('own_empty', {})]);
  const length = countCodePoints(text);
  if (length > most) throw new InputError([problem('own_too_long', { length, most })]);
  const damage = damageIn(text, locales);
  if (damage) throw new InputError([problem('own_damaged', { ...damage })]);
  const bad = characterProblem(text, 'lines');
  if (bad)
    throw new InputError([problem('own_character', findPosition(text, FORBIDDEN_CHARACTER))]);
  if (HIDDEN.test(text))
    throw new InputError([problem('own_character', findPosition(text, HIDDEN))]);
  return text;
}

/** A text of one's own as it is kept and measured; tabs come with text that is pasted. */
export function tidyOwn(typed: string): string {
  return tidy(typed.replaceAll('\t', ' '));
}

function findPosition(text: string, pattern: RegExp): Record<string, string | number> {
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
  own_damaged: 'holds letters that were lost or read wrongly; type them again',
} as const;

function problem(
  kind: keyof typeof ENGLISH,
  values: Readonly<Record<string, string | number>>,
): FieldProblem {
  return { field: 'own', message: ENGLISH[kind], kind, values };
}
