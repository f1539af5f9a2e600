import { MAX_SUPPORTER_FIELD, SUPPORTER_FIELDS, type SupporterField } from './supporter-field.ts';
import type { MessageTemplate, MessageValues } from './template.ts';
import { lengthOn, type TextRule, type TextUnit, warningOn } from './text-rule.ts';

/** One wording on one platform. */
export interface Preview {
  locale: string;
  /** Which wording of that locale: 0 is the message, 1 the first variant, ... */
  variant: number;
  platform: string;
  label: string;
  /** What is posted for a supporter who types neither name nor place. */
  text: string;
  /** What stands before the text there; null where nothing does. */
  contentWarning: string | null;
  /** The most that this message can come to, in the platform's own units; see `toPreview`. */
  length: number;
  limit: number;
  /** Of both. */
  unit: TextUnit;
  /** Which rule of the platform one of the possible texts breaks besides its length; null where none does. */
  refused: string | null;
}

/** No letter weighs more than this one, of Japanese names: X counts it as 2, Threads as four bytes, others as 1 or 2. */
const WIDEST = '𠮷'.repeat(MAX_SUPPORTER_FIELD);

/** The message as each kind of supporter has it: every choice of which fields are filled in, to the full and widest unless `fill` says how. */
export function possibleTexts(
  template: MessageTemplate,
  values: MessageValues,
  fill = WIDEST,
): string[] {
  const used = SUPPORTER_FIELDS.filter((name) => template.placeholders.includes(name));
  let choices: SupporterField[][] = [[]];
  for (const name of used) choices = [...choices, ...choices.map((choice) => [...choice, name])];
  return choices.map((choice) =>
    template.render({ ...values, ...Object.fromEntries(choice.map((name) => [name, fill])) }),
  );
}

/**
 * Measures one wording on one platform. The rule for messages with a name or place in them: the longest of the
 * possible texts counts, each field empty or 30 wide letters, so that whatever a supporter types will fit. A template
 * that asks for one certain name can still escape this; joining measures the real text again.
 * `texts` are those of `possibleTexts`: the first is the one without supporter fields. `warning`: the campaign's content warning
 * in that locale, counted where the platform has such a thing.
 */
export function toPreview(
  of: Pick<Preview, 'locale' | 'variant'>,
  texts: readonly string[],
  rule: TextRule,
  warning: string | null,
): Preview {
  return {
    ...of,
    platform: rule.platform,
    label: rule.label,
    text: texts[0] ?? '',
    contentWarning: warningOn(rule, warning),
    length: texts.reduce((most, text) => Math.max(most, lengthOn(rule, text, warning)), 0),
    limit: rule.limit,
    unit: rule.unit ?? 'characters',
    refused:
      texts.map((text) => rule.refuses?.(text)?.message).find((said) => said !== undefined) ?? null,
  };
}
