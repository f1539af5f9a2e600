import { type FieldProblem, InputError } from './errors.ts';

/** The placeholders that each supporter fills in, if they like. */
export const SUPPORTER_FIELDS = ['name', 'place'] as const;
export type SupporterField = (typeof SUPPORTER_FIELDS)[number];

/** What a supporter typed; absent and empty mean the same. */
export type SupporterValues = Readonly<Partial<Record<SupporterField, string>>>;

/** In Unicode code points, after NFC. */
export const MAX_SUPPORTER_FIELD = 30;

/** Words of letters, marks and digits, joined by blanks, apostrophes and hyphens; a full stop only where a word ends. */
const ALLOWED = /^[\p{L}\p{Nd}](?:[\p{L}\p{Mn}\p{Mc}\p{Nd} '’‐‑-]|\.(?= |$))*$/u;
/** Letters and marks that cannot be seen (Hangul fillers, variation selectors, joiners). */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/u;
/** Marks piled up until they cover the lines around. No language in use needs five on one letter. */
const PILE_OF_MARKS = /\p{M}{5}/u;

/**
 * What a supporter typed for `name` or `place`, as it will stand in the post: NFC, trimmed, single blanks. Nothing
 * that passes can become a link, a mention or a hashtag. An empty value is fine: the fields are optional.
 * @throws InputError on the field's name.
 */
export function checkSupporterField(field: SupporterField, value: string): string {
  const text = value
    .normalize('NFC')
    .replace(/\p{Zs}+/gu, ' ')
    .trim();
  const fail = (problem: Omit<FieldProblem, 'field'>) => new InputError([{ field, ...problem }]);
  const length = [...text].length;
  if (length > MAX_SUPPORTER_FIELD) {
    throw fail({
      message: `has ${length} characters; ${MAX_SUPPORTER_FIELD} are the most`,
      kind: 'field_too_long',
      values: { length, most: MAX_SUPPORTER_FIELD },
    });
  }
  const plain = !INVISIBLE.test(text) && !PILE_OF_MARKS.test(text);
  if (text !== '' && !(plain && ALLOWED.test(text))) {
    throw fail({
      message:
        'may hold letters, digits, blanks, apostrophes and hyphens, and a full stop at the end of a word; no links, @ or #',
      kind: 'field_characters',
    });
  }
  return text;
}
