import slugify from '@sindresorhus/slugify';

/** As `CampaignInput` has it. */
const SLUG_MAX = 60;
const SLUG_MIN = 3;

/**
 * A slug from a title, with its letters written in Latin ones (`Łódź` -> `lodz`, `дней` -> `dney`); null where that leaves too
 * little, or no letters for a word of another writing, so that somebody has to think of one.
 */
export function slugFrom(title: string): string | null {
  const slug = slugify(title.normalize('NFKC'), { decamelize: false, customReplacements: SPOKEN });
  if (slug.length < SLUG_MIN || losesWords(title)) return null;
  return shortened(slug);
}

/** Whether a title has a word of which no Latin letter or digit is left. */
export function losesWords(title: string): boolean {
  const words = title.normalize('NFKC').match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  return words.some((word) => slugify(word, { decamelize: false }) === '');
}

/** Signs that the package would write out in English, whatever the language. */
const SPOKEN: [string, string][] = [
  ['&', ' '],
  ['♥', ' '],
  ['🦄', ' '],
];

/** Cut between words, if the first of them is no longer than that. */
function shortened(slug: string): string {
  if (slug.length <= SLUG_MAX) return slug;
  const end = slug.lastIndexOf('-', SLUG_MAX);
  return slug.slice(0, end < SLUG_MIN ? SLUG_MAX : end);
}
