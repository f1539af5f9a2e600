import type { FieldProblem } from './errors.ts';
import {
  DIVIDED,
  MACROLANGUAGE_MEMBERS,
  MISTAKEN,
  NO_REGIONS,
  NO_SCRIPTS,
  noLanguage,
  OWN_LANGUAGES,
} from './locale-codes.ts';
import { lookalikeIn } from './lookalike.ts';
import { nearest } from './suggest.ts';

/**
 * A BCP 47 tag in its canonical spelling (`pt-br` -> `pt-BR`), or null when it is none. Extensions (`-u-ca-...`) and
 * private tags are none here: they say nothing about the language of a text.
 */
export function canonicalLocale(tag: string): string | null {
  try {
    const locale = new Intl.Locale(tag);
    return locale.baseName === locale.toString() ? locale.baseName : null;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

const languages = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' });
const regions = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });

const scripts = new Intl.DisplayNames('en', { type: 'script', fallback: 'none' });

/** The English name of a tag's language, as CLDR has it: `Brazilian Portuguese`; null where it has none. */
export function englishLanguageName(tag: string): string | null {
  return languages.of(tag) ?? null;
}

/**
 * What is wrong with a tag that a campaign's language is named by, with the tag to write instead, or null: no tag at all, a
 * country's code (`ua`), one that the standard has given up (`iw`, `eng`), or an unknown language. `others`: the tags
 * that the campaign has beside it.
 */
export function localeProblem(tag: string, others: readonly string[] = []): string | null {
  const written = `"${tag.slice(0, 40)}"`;
  const hyphened = hyphenedTag(tag);
  const canonical = canonicalLocale(hyphened);
  const more = hyphened === tag ? moreThanLanguage(tag) : null;
  if (more !== null) return `${written} is not taken here: ${more}`;
  const lookalike = lookalikeIn(tag);
  // A word in Cyrillic letters alone may be a name: русский.
  if (lookalike && canonicalLocale(lookalike.latin) !== null && /[a-z]/i.test(tag)) {
    return `${written} is not in Latin letters alone: ${lookalike.description}; write ${lookalike.latin}`;
  }
  if (canonical === null || hyphened !== tag) {
    const hint = canonical ?? languageCalled(tag) ?? 'en or pt-BR';
    return `${written} is not a BCP 47 language tag; write it like ${hint}`;
  }
  // Of `und` a newer Node gives `und`, and Node 20 nothing.
  const { language = 'und', region, script } = new Intl.Locale(canonical) as Partial<Intl.Locale>;
  const [first = ''] = tag.toLowerCase().split('-');
  if (Object.hasOwn(DIVIDED, first)) return `${written} ${DIVIDED[first]}`;
  // UK is no region of the standard's, and read as one it makes British English of en-UK, and Ukrainian in Britain of this.
  if (/^uk-uk$/i.test(tag)) return `${written} is Ukrainian twice; write uk`;
  const isMember = MACROLANGUAGE_MEMBERS.has(first);
  if (!isMember && canonical.toLowerCase() !== tag.toLowerCase()) {
    const called = englishLanguageName(canonical) ?? canonical;
    return `${written} is an older or longer code for ${called}; write ${canonical}${asCountry(tag)}`;
  }
  const none = noLanguage(language);
  if (none !== null) return `${written} ${none}`;
  const country = countryCalled(language);
  const isKnown = languages.of(language) !== undefined;
  // Northern Sami is spoken in Sweden; Breton in Brazil is Portuguese.
  const saysWhere = region !== undefined && (region !== language.toUpperCase() || region === 'SE');
  const isBare = region === undefined && isMeant(language, others);
  const isMistaken = MISTAKEN.includes(language) && !isBare;
  if (country !== undefined && (!isKnown || (!saysWhere && isMistaken))) {
    return `${written} is a country, ${country}; ${languagesOf(language, isKnown)}`;
  }
  const elsewhere = region === undefined || !isKnown ? null : spokenElsewhere(canonical);
  if (elsewhere !== null) return `${written} ${elsewhere}`;
  // Of languages with three letters there are thousands that have no name here.
  if (!isKnown && language.length !== 3) {
    const called = languageCalled(language);
    return `${written} is not a language that is known; write ${called ?? 'one like en or pt-BR'}`;
  }
  if (script !== undefined && (scripts.of(script) === undefined || NO_SCRIPTS.includes(script))) {
    return `${written} has ${script} in it, which is no script; write ${language} alone, or with one like zh-Hant`;
  }
  if (region !== undefined && (regions.of(region) === undefined || NO_REGIONS.includes(region))) {
    return `${written} ends with ${region}, which is no country; write ${language} alone, or with one like ${likely(language)}`;
  }
  return null;
}

/**
 * `ca-CA`, `my-MY`: a language and, by the same letters, a country in which others speak; `es-LA`, as if LA were Latin America. What
 * it says, with the mend; null for all others.
 */
function spokenElsewhere(tag: string): string | null {
  const { language, region = '' } = new Intl.Locale(tag);
  const says = `says ${englishLanguageName(language)} as in ${regions.of(region)}`;
  if (tag === 'es-LA') return `${says}; write es-419 for Latin America, or es alone`;
  const isAtHome = [likely(language), 'se-SE'].includes(tag) || mainLanguage(region) === language;
  if (region !== language.toUpperCase() || isAtHome) return null;
  return `${says}; write ${language} alone, or if you mean the country: ${languagesOf(language, false)}`;
}

/**
 * Whether what else a campaign is in shows that such a code is a language there: `br` beside `fr`, which is spoken where Breton is. What
 * else it could be is then told: see `localeWarnings`.
 */
function isMeant(code: string, others: readonly string[]): boolean {
  const home = new Intl.Locale(code).maximize().region;
  return others.some((tag) => {
    const other = canonicalLocale(tag);
    if (other === null || other.split('-')[0] === code) return false;
    return new Intl.Locale(other).maximize().region === home;
  });
}

/** Tells of each code that is far more often meant as a country what it is kept as. */
export function localeWarnings(locales: readonly string[]): FieldProblem[] {
  return locales.flatMap((tag, index) => {
    const country = countryCalled(tag);
    if (country === undefined || !MISTAKEN.includes(tag)) return [];
    const message = `"${tag}" is ${englishLanguageName(tag)}; if you mean the country, ${country}: ${languagesOf(tag, false)}`;
    return [{ field: `locales[${index}]`, message }];
  });
}

/** What most people speak in a country. */
function mainLanguage(region: string): string {
  return new Intl.Locale(`und-${region}`).maximize().language;
}

/** The country that two letters stand for, or undefined. */
function countryCalled(code: string): string | undefined {
  const region = code.toUpperCase();
  return code.length === 2 && !NO_REGIONS.includes(region) ? regions.of(region) : undefined;
}

/** A tag with its parts set apart by hyphens, whatever a system writes: `en_US.UTF-8`, `sr_RS@latin`. */
function hyphenedTag(tag: string): string {
  const [, name = '', variant = ''] = /^([^.@]*)(?:\.[\w-]+)?(?:@(\w+))?$/.exec(tag.trim()) ?? [];
  const parts = (name || tag.trim()).split(/[_-]/);
  return (/^latin$/i.test(variant) ? parts.toSpliced(1, 0, 'Latn') : parts).join('-');
}

/** Of an older code that is a country's, too (`in`, `tw`): which country, and what is spoken there. Else nothing. */
function asCountry(tag: string): string {
  const country = countryCalled(tag);
  return country === undefined ? '' : `; if you mean ${country}: ${languagesOf(tag, false)}`;
}

/** Tags of before BCP 47 that have no form of their own (IANA's registry, "irregular"), and what to write. */
const IRREGULAR: Readonly<Record<string, string>> = {
  ...{ 'en-gb-oed': 'en-GB', 'i-klingon': 'tlh', 'i-lux': 'lb', 'i-navajo': 'nv', 'i-hak': 'hak' },
  ...{
    'i-ami': 'ami',
    'i-bnn': 'bnn',
    'i-pwn': 'pwn',
    'i-tao': 'tao',
    'i-tay': 'tay',
    'i-tsu': 'tsu',
  },
  ...{ 'sgn-be-fr': 'sfb', 'sgn-be-nl': 'vgt', 'sgn-ch-de': 'sgg' },
};
/** A language behind the one that it belongs to: zh-yue-HK. */
const BEHIND_ANOTHER = /^[a-z]{2,3}(?:-[a-z]{3}){0,2}-([a-z]{3})((?:-[a-z0-9]{2,8})*)$/i;

/** Why a tag that is one by the standard is none here, with the mend: private, of the old form, or with extensions. Null for others. */
function moreThanLanguage(tag: string): string | null {
  const lower = tag.toLowerCase();
  const instead = Object.hasOwn(IRREGULAR, lower) ? IRREGULAR[lower] : undefined;
  if (instead) return `it is of a form given up; write ${instead}`;
  if (/^[xi](?:-[a-z0-9]{1,8})+$/.test(lower)) {
    return 'it says no language that others know; write one like en or pt-BR';
  }
  const short = canonicalLocale(tag.split(/-[a-z0-9]-/i)[0] ?? '');
  if (/-[a-z0-9](?:-[a-z0-9]{1,8})+$/.test(lower) && short !== null) {
    return `it says more than a language and a place; write ${short}`;
  }
  const [, language, rest = ''] = BEHIND_ANOTHER.exec(tag) ?? [];
  const alone = language === undefined ? null : canonicalLocale(language + rest);
  return canonicalLocale(tag) === null && alone !== null
    ? `the language it ends with stands alone; write ${alone}`
    : null;
}

/** `Ukrainian is uk`; where the code is a language as well, how to write that one. */
function languagesOf(given: string, isKnown: boolean): string {
  const code = given.toLowerCase();
  const own = Object.hasOwn(OWN_LANGUAGES, code) ? OWN_LANGUAGES[code] : undefined;
  if (own !== undefined) return own;
  const there = mainLanguage(code.toUpperCase());
  // Where most people's language has its home elsewhere, those at home there come first: Belarusian, Russian.
  const atHome = twoLetterCodes().filter((one) => likely(one) === `${one}-${code.toUpperCase()}`);
  const spoken = atHome.includes(there) ? [there] : [...atHome.slice(0, 2), there];
  const said = spoken.map((one) => `${englishLanguageName(one) ?? one} is ${tagThere(one, code)}`);
  return [...said, ...(isKnown ? [`${englishLanguageName(code)} is ${likely(code)}`] : [])].join(
    ', ',
  );
}

/** A language as it is written in a country: `zh-Hant` in Hong Kong. */
function tagThere(language: string, country: string): string {
  const { script } = new Intl.Locale(`${language}-${country.toUpperCase()}`).maximize();
  return script === new Intl.Locale(language).maximize().script
    ? language
    : `${language}-${script}`;
}

/** A language with the country that most of its speakers live in: `uk` -> `uk-UA`. */
function likely(language: string): string {
  const { region } = new Intl.Locale(language).maximize();
  return region === undefined ? language : `${language}-${region}`;
}

/** The code of a language by its name in English or its own (`ukrainian`, `deutsch`), or null. */
function languageCalled(name: string): string | null {
  codesByName ??= new Map(twoLetterCodes().flatMap(namesOf));
  const [near] = nearest(name, [...codesByName.keys()]);
  return near === undefined || name.length < 4 ? null : (codesByName.get(near) ?? null);
}
let codesByName: ReadonlyMap<string, string> | null = null;

/** What a language is called in English and by itself, in small letters. */
function namesOf(code: string): [name: string, code: string][] {
  const own = new Intl.DisplayNames(code, { type: 'language', fallback: 'none' }).of(code);
  const names = [languages.of(code), own].filter((name) => name !== undefined);
  return names.map((name) => [name.toLowerCase(), code]);
}

/** Those of ISO 639-1 that are languages to CLDR and written like that. */
function twoLetterCodes(): string[] {
  const letters = [...'abcdefghijklmnopqrstuvwxyz'];
  return letters
    .flatMap((first) => letters.map((second) => first + second))
    .filter((code) => languages.of(code) !== undefined && canonicalLocale(code) === code);
}
