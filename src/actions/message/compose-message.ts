import { createBoundedMemo } from '../../domain/bounded-memo.ts';
import type { CampaignContent } from '../../domain/campaign.ts';
import { textHash } from '../../domain/consent.ts';
import { type FieldProblem, InputError } from '../../domain/errors.ts';
import { possibleTexts, toPreview } from '../../domain/preview.ts';
import {
  checkSupporterField,
  SUPPORTER_FIELDS,
  type SupporterField,
  type SupporterValues,
} from '../../domain/supporter-field.ts';
import { compileTemplate, findPlaceholders, messageValues } from '../../domain/template.ts';
import {
  isTaken,
  lengthOn,
  type TextRule,
  type TextUnit,
  type UnfitText,
  warningOn,
} from '../../domain/text-rule.ts';
import { contentWarningIn, renderWords, toWordings, type Words } from '../../domain/words.ts';

/** Byte for byte what one supporter's post on one platform would be. */
export interface ComposedMessage {
  platform: string;
  label: string;
  text: string;
  /** What stands before the text there; null where nothing does. */
  contentWarning: string | null;
  /** Of both. */
  hash: string;
  /** With the content warning. */
  length: number;
  limit: number;
  /** Of both. */
  unit: TextUnit;
  /** Which rule it breaks besides its length. */
  refused?: UnfitText;
  /** A name without `https://` becomes no link there. */
  leavesNames?: true;
}

/** Which blanks a supporter may fill in, because one of the wordings in this locale has a placeholder for them. */
export function toBlankValues(content: CampaignContent, locale: string): SupporterField[] {
  const used = toWordings(content, locale).flatMap((wording) => findPlaceholders(wording));
  return SUPPORTER_FIELDS.filter((name) => used.includes(name));
}

/** What the supporter typed, checked; problems are told per field, and a wrong value counts as empty. */
export function readBlanks(
  blanks: readonly SupporterField[],
  typed: SupporterValues,
): { values: SupporterValues; problems: readonly FieldProblem[] } {
  const values: Partial<Record<SupporterField, string>> = {};
  const problems: FieldProblem[] = [];
  for (const name of blanks) {
    try {
      values[name] = checkSupporterField(name, typed[name] ?? '');
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push(...error.problems);
    }
  }
  return { values, problems };
}

/**
 * Whether a campaign's message in this language fits a platform, whatever a supporter types. Where it does not, nobody is
 * offered that platform for it.
 */
export function fitsPlatform(content: CampaignContent, locale: string, rule: TextRule): boolean {
  const template = compileTemplate(content.messages[locale] ?? '', `messages.${locale}`);
  const values = messageValues(content, locale);
  const warning = contentWarningIn(content, locale);
  const key = [rule.platform, rule.limit, locale, template.source, values, warning];
  return fitting(JSON.stringify(key), () =>
    isTaken(toPreview({ locale, variant: 0 }, possibleTexts(template, values), rule, warning)),
  );
}

/** Every visitor of a page asks for the same few. */
const fitting = createBoundedMemo<boolean>(500);

/** The campaign's own message with `typed` filled in; with nothing filled in by default. */
export function messageWords(textLocale: string, typed: SupporterValues = {}): Words {
  return { textLocale, variant: 0, own: null, typed };
}

/**
 * What these words come to on one platform. The platform may not take it: `isTaken` tells.
 * @throws InputError as `renderWords` does.
 */
export function composeMessage(
  content: CampaignContent,
  words: Words,
  rule: TextRule,
): ComposedMessage {
  const text = renderWords(content, words);
  const contentWarning = warningOn(rule, contentWarningIn(content, words.textLocale));
  // Only the campaign's own texts are kept in memory, never what a supporter typed.
  const isCampaigns = words.own === null && Object.values(words.typed).every((value) => !value);
  const found = isCampaigns
    ? measured(JSON.stringify([rule.platform, rule.limit, text, contentWarning]), () =>
        measureOn(rule, text, contentWarning),
      )
    : measureOn(rule, text, contentWarning);
  return composed(rule, text, contentWarning, found);
}

/** The same of a text that was consented to before, to the byte. */
export function composeAgreed(
  rule: TextRule,
  { text, contentWarning = null }: { text: string; contentWarning?: string | null },
): ComposedMessage {
  return composed(rule, text, contentWarning, measureOn(rule, text, contentWarning));
}

function composed(
  { platform, label, limit, unit = 'characters', leavesNames }: TextRule,
  text: string,
  contentWarning: string | null,
  { length, refused }: Measured,
): ComposedMessage {
  const hash = textHash(text, contentWarning);
  const facts = { platform, label, text, contentWarning, hash, length, limit, unit };
  const message = leavesNames ? { ...facts, leavesNames } : facts;
  return refused ? { ...message, refused } : message;
}

/** Every visitor of the words is shown the same few, and some rules are slow. */
const measured = createBoundedMemo<Measured>(500);

type Measured = Pick<ComposedMessage, 'length' | 'refused'>;

function measureOn(rule: TextRule, text: string, contentWarning: string | null): Measured {
  const length = lengthOn(rule, text, contentWarning);
  const refused = rule.refuses?.(text);
  if (!refused) return { length };
  const { kind, most, found } = refused;
  return { length, refused: { kind, most, found } };
}
