import type { FieldProblem } from './errors.ts';
import { canonicalLocale } from './locale.ts';
import { isMapping } from './schema-problems.ts';
import { lostLettersIn } from './text/lost-letters.ts';
import { misreadIn } from './text/misread.ts';
import { findWritingSystem, type WritingSystem } from './text/scripts.ts';
import { placeInText } from './text/text-place.ts';

/** Placeholders and tags: the letters of a program. */
const LIQUID = /\{\{.*?\}\}|\{%.*?%\}/g;

/**
 * Every text in a document, whatever field it is in, whose letters were lost or taken for others before it came here, with its
 * line. What is left of such a text is not what anybody wrote. A text under one of the `locales` is in its letters; any other
 * can be in those of each.
 */
export function damagedTexts(value: unknown, locales: unknown): FieldProblem[] {
  const known = Array.isArray(locales) ? locales : [];
  const scripts = new Map<string, WritingSystem>();
  for (const tag of known) {
    const locale = typeof tag === 'string' ? canonicalLocale(tag) : null;
    const script = locale === null ? null : findWritingSystem(locale);
    if (locale !== null && script !== null) scripts.set(locale, script);
  }
  return damagedIn(value, '', { scripts, expected: [...scripts.values()] });
}

interface Letters {
  /** By the campaign's locales. */
  scripts: ReadonlyMap<string, WritingSystem>;
  /** Those that a text can be in here. */
  expected: readonly WritingSystem[];
}

function damagedIn(value: unknown, field: string, letters: Letters): FieldProblem[] {
  if (typeof value === 'string') return textProblems(value, field, letters.expected);
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => damagedIn(item, `${field}[${index}]`, letters));
  }
  if (!isMapping(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    const own = field === '' ? undefined : letters.scripts.get(canonicalLocale(key) ?? '');
    const inside = own === undefined ? letters : { ...letters, expected: [own] };
    return damagedIn(item, field === '' ? key : `${field}.${key}`, inside);
  });
}

/** The scripts of these locales. */
function scriptsOf(locales: readonly string[]): WritingSystem[] {
  const known = locales.map((locale) => findWritingSystem(locale));
  return known.filter((script) => script !== null);
}

/**
 * The first line of a supporter's own text in which letters were lost or taken for others, counted from 1, and a piece of it; null
 * where none were. `locales`: the campaign's, in whose letters the text may be.
 */
export function damageIn(
  text: string,
  locales: readonly string[],
): { line: number; seen: string } | null {
  const found = firstDamage(text, scriptsOf(locales));
  return found && { line: found.line, seen: found.seen };
}

function textProblems(
  text: string,
  field: string,
  scripts: readonly WritingSystem[],
): FieldProblem[] {
  const found = firstDamage(text, scripts);
  if (!found) return [];
  const { what, seen, line } = found;
  const message = `${what}, “${seen}” (${placeInText(line)}); write it again, in a file saved as UTF-8`;
  return [{ field: field || 'campaign', message }];
}

interface Damage {
  what: string;
  seen: string;
  /** From 1. */
  line: number;
}

function firstDamage(text: string, scripts: readonly WritingSystem[]): Damage | null {
  // As in every other message: without empty lines at the beginning, which are not kept.
  const lines = text
    .replace(/\r\n?/g, '\n')
    .replace(/^(?:[ \t]*\n)+/, '')
    .split('\n');
  for (const [index, line] of lines.entries()) {
    const words = line.replace(LIQUID, (found) => ' '.repeat(found.length));
    const misread = misreadIn(words, scripts);
    const found =
      lostLettersIn(words, scripts) ?? (misread && { ...misread, what: `holds ${misread.what}` });
    if (!found) continue;
    const seen = line.slice(Math.max(0, found.at - 10), found.at + 10);
    return { what: found.what, seen, line: index + 1 };
  }
  return null;
}
