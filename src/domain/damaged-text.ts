import type { FieldProblem } from './errors.ts';
import { isMapping } from './shape.ts';
import { placeInText } from './text-place.ts';

/** U+FFFD: what programs write where they could not read a letter. */
const LOST = '\uFFFD';
/** What bytes 0x80 to 0x9F are in Windows-1252; five of them are nothing. */
export const WINDOWS_1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008DŽ\u008F\u0090‘’“”•–—˜™š›œ\u009DžŸ';
/**
 * UTF-8 that was read as Windows-1252 and saved again: `TchÃ©tchÃ©nie`, `Donâ€™t`, `ÐŸÑ€Ð¸`. Signs that can follow these
 * letters in a sentence, such as a closing quote behind a Portuguese `Ã`, are left out.
 */
const READ_WRONGLY = new RegExp(
  `\u00C3[\u00A2-\u00AA\u00AC-\u00BA\u00BC-\u00BE]|\u00E2\u20AC[${WINDOWS_1252}\u00A2-\u00BF]|(?:[\u00D0\u00D1][\u0080-\u00BF${WINDOWS_1252}]){2}`,
  'u',
);

/**
 * Every text in a document, whatever field it is in, whose letters were lost or taken for others before it came here, with its
 * line. What is left of such a text is not what anybody wrote.
 */
export function damagedTexts(value: unknown, field = ''): FieldProblem[] {
  if (typeof value === 'string') return textProblems(value, field);
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => damagedTexts(item, `${field}[${index}]`));
  }
  if (!isMapping(value)) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    damagedTexts(item, field === '' ? key : `${field}.${key}`),
  );
}

function textProblems(text: string, field: string): FieldProblem[] {
  const lost = text.indexOf(LOST);
  const wrong = text.search(READ_WRONGLY);
  if (lost < 0 && wrong < 0) return [];
  const at = lost < 0 ? wrong : lost;
  const before = text.slice(0, at).replace(/\r\n?/g, '\n');
  // As in every other message: without empty lines at the beginning, which are not kept.
  const line = before.replace(/^(?:[ \t]*\n)+/, '').split('\n').length;
  const seen = text.slice(Math.max(0, at - 10), at + 10).replaceAll('\n', ' ');
  const what =
    lost < 0
      ? `holds UTF-8 that was once read as Windows-1252, “${seen}”`
      : `has lost letters: U+FFFD stands where one was, “${seen}”`;
  const message = `${what} (${placeInText(line)}); write it again, in a file saved as UTF-8`;
  return [{ field: field || 'campaign', message }];
}
