import slugify from '@sindresorhus/slugify';
import { spellOut } from './slug-letters.ts';

/** As `CampaignInput` has it. */
const MAX_SLUG = 60;
const MIN_SLUG = 3;

/** Signs for softness, and breathings: they are written as nothing. */
const SILENT = /[ьъʻʼʽʾʿ]/u;
/** Their vowels are not written, so that of `حرية` only `hryt` would be left. */
const WITHOUT_VOWELS = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}]/u;

/**
 * A slug from a title, with its letters written in Latin ones as its language does it (`Łódź` -> `lodz`, `Київ` -> `kyiv`); null where
 * that leaves too little, or nothing for one of its letters, so that a person has to give one.
 * @param locale the title's own, as a BCP 47 tag.
 */
export function slugFrom(title: string, locale = 'en'): string | null {
  if (losesLetters(title, locale)) return null;
  const slug = slugify(latin(title, locale), { decamelize: false, customReplacements: SPOKEN });
  return slug.length < MIN_SLUG ? null : shortened(slug);
}

/** What a slug is proposed from. */
interface Named {
  title: Readonly<Record<string, string>>;
  locales: readonly string[];
  hashtags: readonly string[];
}

/**
 * A slug to propose where the first title gives none: of the title in another of the campaign's languages, else of a hashtag and the
 * date, else of the date alone. `at`: the wall time of the moment, `2027-07-10T11:00`.
 */
export function proposeSlug({ title, locales, hashtags }: Named, at: string): string {
  const titles = locales.map((locale) => slugFrom(title[locale] ?? '', locale));
  const translated = titles.find((slug) => slug !== null);
  if (translated) return translated;
  const date = /^\d{4}-\d{2}-\d{2}/.exec(at)?.[0];
  const tag = hashtags.map((one) => slugFrom(one)).find((slug) => slug !== null);
  const words = tag && tag.length + DATE_LENGTH < MAX_SLUG ? tag : 'campaign';
  return date === undefined ? words : `${words}-${date}`;
}

/** Of `2027-07-10` and the hyphen before it. */
const DATE_LENGTH = 11;

/** Whether a title has a letter or digit that no Latin one stands for. */
export function losesLetters(title: string, locale = 'en'): boolean {
  const letters = latin(title, locale).match(/[\p{L}\p{M}\p{N}]/gu) ?? [];
  return letters.some((letter) => WITHOUT_VOWELS.test(letter) || isLost(letter));
}

function isLost(letter: string): boolean {
  return !/\p{M}/u.test(letter) && !SILENT.test(letter) && slugify(letter) === '';
}

/** The title by the tables; of a letter that is still none the one without its marks (`ӯ` -> `у`). */
function latin(title: string, locale: string): string {
  const { language } = new Intl.Locale(locale);
  const spelt = spellOut(title, language);
  return spelt.replace(/[^\p{ASCII}]/gu, (letter) => {
    const [base = letter] = letter.normalize('NFD');
    return base !== letter && isLost(letter) ? base : letter;
  });
}

/** Signs that the package would write out in English, whatever the language. */
const SPOKEN: [string, string][] = [
  ['&', ' '],
  ['♥', ' '],
  ['🦄', ' '],
];

/** Cut between words, if the first of them is no longer than that. */
function shortened(slug: string): string {
  if (slug.length <= MAX_SLUG) return slug;
  const end = slug.lastIndexOf('-', MAX_SLUG);
  return slug.slice(0, end < MIN_SLUG ? MAX_SLUG : end);
}
