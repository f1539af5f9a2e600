/** Regions that are parts of the world: Facebook has a letter code for one, and of others knows the language alone. */
const PARTS: Readonly<Record<string, string>> = { es: 'LA', en: 'GB', ar: 'AR' };

/** Where the likely region of a language (CLDR) is not the one that Facebook knows it by, or that we write it as. */
const REGIONS: Readonly<Record<string, string>> = { ar: 'AR', en: 'GB' };

/** Where a language that is not said to be of its largest country stands beside one that is: `pt` beside `pt-BR`. */
const ELSEWHERE: Readonly<Record<string, string>> = { pt: 'PT', es: 'LA' };

/**
 * A language as Open Graph has it (ogp.me: `language_TERRITORY`): `en_GB`, `ru_RU`, `pt_BR`, `zh_TW`. Facebook's reader refuses
 * a language without a territory. `beside`: the other languages of the same texts.
 */
export function socialLocale(tag: string, beside: readonly string[] = []): string {
  const { language, region, script } = new Intl.Locale(tag);
  const usual = script === undefined ? REGIONS[language] : undefined;
  const largest = new Intl.Locale(tag).maximize().region ?? '';
  const isTaken = beside.includes(`${language}-${largest}`);
  const territory = region ?? (isTaken ? ELSEWHERE[language] : undefined) ?? usual ?? largest;
  const isPart = /^\d/.test(territory) || territory === '';
  return `${language}_${isPart ? (PARTS[language] ?? language.toUpperCase()) : territory}`;
}
