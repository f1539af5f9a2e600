import { createBoundedMemo } from '../domain/bounded-memo.ts';
import { LOCALES } from './i18n.ts';

/** A browser sends a few hundred characters at most; more than this is not a wish but an attack. */
const HEADER_LIMIT = 1000;
/** Longer than any tag in use. */
const TAG_LIMIT = 100;

/**
 * Languages that people who asked for another read (ISO 639-3 macrolanguages). What is only an older or longer name of the same language,
 * such as cmn of zh or iw of he, `Intl.Locale` knows.
 */
const MACROLANGUAGES: Readonly<Record<string, readonly string[]>> = {
  ar: ['acm', 'aeb', 'afb', 'apc', 'ary', 'arz'],
  no: ['nb', 'nn'],
  zh: ['cdo', 'gan', 'hak', 'hsn', 'nan', 'wuu', 'yue'],
};
const MACROLANGUAGE_OF = new Map(
  Object.entries(MACROLANGUAGES).flatMap(([whole, parts]) => parts.map((part) => [part, whole])),
);

/**
 * Chooses a language: of what was asked for by link, then of the browser's list by weight, the first for which there is anything. A
 * wish is met best by itself, then by its language in its script and region, in its script and a region that writes it alike, in its
 * script, in another script. Script and region are those that CLDR says are likely where a tag does not name them: Hant for zh-TW.
 * Unlike in CLDR's own matching another script of one wish comes before a lower wish, and no other language is taken for one that
 * nobody asked for.
 */
export function pickLocale(
  acceptLanguage: string | undefined,
  wanted: string | undefined,
  available: readonly string[] = LOCALES,
): string {
  return firstMet(wishesOf(acceptLanguage, wanted), available).tag;
}

/** The languages of a page about a campaign, for one visitor. */
export interface PageLanguages {
  /** Of the interface. */
  locale: string;
  /** Of the campaign's own texts. */
  textLocale: string;
  /** For the page's own links: with it, the same browser gets both again. */
  lang: string;
  /** For addresses that others follow: with it, a reader without a preference gets the text in the same language. */
  shareLang: string;
  /** All that the campaign is written in. */
  spoken: readonly string[];
}

/** Chooses for the interface and for a campaign's texts, each by all the wishes. `spoken`: by the campaign, at least one. */
export function pickLanguages(
  acceptLanguage: string | undefined,
  wanted: string | undefined,
  spoken: readonly string[],
): PageLanguages {
  const wishes = wishesOf(acceptLanguage, wanted);
  const page = firstMet(wishes, LOCALES);
  const text = firstMet(wishes, spoken);
  const isPageMet = page.at < wishes.length;
  const isTextMet = text.at < wishes.length || !isPageMet;
  return {
    // Who reads none of ours gets the words around the text in its language, if we speak that.
    locale: isPageMet ? page.tag : (nearest(text.tag, LOCALES) ?? page.tag),
    textLocale: text.tag,
    // The language that was met by the lower wish is found again by the browser's own list, that of the higher one is not.
    lang: text.at <= page.at ? text.tag : page.tag,
    shareLang: isTextMet ? text.tag : page.tag,
    spoken,
  };
}

/** The languages of the interface in which no text of the campaign is, not even in another script or for another country. */
export function interfaceAlone(spoken: readonly string[]): string[] {
  return LOCALES.filter((tag) => nearest(tag, spoken) === null);
}

function wishesOf(acceptLanguage: string | undefined, wanted: string | undefined): string[] {
  return [wanted ?? '', ...parseAcceptLanguage(acceptLanguage ?? '')].filter(Boolean);
}

/** What meets the first wish that can be met, and which one that is; else the first of all, `at` the number of wishes. */
function firstMet(wishes: readonly string[], available: readonly string[]) {
  for (const [at, wish] of wishes.entries()) {
    const tag = nearest(wish, available);
    if (tag !== null) return { tag, at };
  }
  return { tag: available[0] ?? 'en', at: wishes.length };
}

function nearest(wish: string, available: readonly string[]): string | null {
  const asked = likely(wish);
  if (!asked) return null;
  let best: { tag: string; nearness: number } | null = null;
  for (const tag of available) {
    const nearness = nearnessOf(wish, asked, tag);
    if (nearness > (best?.nearness ?? 0)) best = { tag, nearness };
  }
  return best?.tag ?? null;
}

/** 0 for another language; the more, the nearer. */
function nearnessOf(wish: string, asked: Intl.Locale, tag: string): number {
  if (tag.toLowerCase() === wish.toLowerCase()) return EXACT;
  const there = likely(tag);
  if (!there || wholeOf(there) !== wholeOf(asked)) return 0;
  if (there.script !== asked.script) return 1;
  // Of the same language of a macrolanguage, rather than of another.
  const own = there.language === asked.language ? LANGUAGE : 0;
  return 2 + regionNearness(asked, there) + own + (isForAll(tag, asked) ? FOR_ALL : 0);
}

/** Whether a tag names no region while another than its likely one is asked for: beside `pt-BR`, `pt` is for all others. */
function isForAll(tag: string, { region }: Intl.Locale): boolean {
  return new Intl.Locale(tag).region === undefined && likely(tag)?.region !== region;
}

/** Less than any region counts. */
const FOR_ALL = 0.5;

const EXACT = 20;
/** More than any region counts. */
const LANGUAGE = 10;

/** CLDR's rules for regions: how a language is written differs between these and the rest of the world. */
const REGIONS: Readonly<Record<string, readonly string[]>> = {
  'en-Latn': 'AS CA GU MH MP PH PR UM US VI'.split(' '),
  'es-Latn': '419 AR BO BR BZ CL CO CR CU DO EC GT HN MX NI PA PE PR PY SV US UY VE'.split(' '),
  'pt-Latn': '419 AR BO BR CA CL CO EC GF GY PE PY SR US UY VE'.split(' '),
  'zh-Hant': ['HK', 'MO'],
  'ar-Arab': 'DZ EH LY MA MR TN'.split(' '),
};
/** Of the regions on one side, these are the ones that most others there are nearest to. */
const PARADIGMS = ['en-US', 'en-GB', 'es-ES', 'es-419', 'pt-BR', 'pt-PT'];

/** 3 for the same region, 2 or 1 for one on the same side, 0 for one on the other. */
function regionNearness(
  asked: Intl.Locale,
  { language, script, region = '' }: Intl.Locale,
): number {
  if (region === asked.region) return 3;
  const side = REGIONS[`${language}-${script}`] ?? [];
  if (side.includes(region) !== side.includes(asked.region ?? '')) return 0;
  return PARADIGMS.includes(`${language}-${region}`) ? 2 : 1;
}

function wholeOf({ language }: Intl.Locale): string {
  return MACROLANGUAGE_OF.get(language) ?? language;
}

const locales = createBoundedMemo<Intl.Locale | null>(500);

/** With its likely script and region; null for what is no tag (BCP 47), or that of no language. */
function likely(written: string): Intl.Locale | null {
  const tag = written.slice(0, TAG_LIMIT);
  return locales(tag, () => {
    // Else it would be English.
    if (tag.toLowerCase() === 'und') return null;
    try {
      return new Intl.Locale(tag).maximize();
    } catch {
      return null;
    }
  });
}

function parseAcceptLanguage(header: string): string[] {
  return header
    .slice(0, HEADER_LIMIT)
    .split(',')
    .map((entry) => {
      const [range = '', ...parameters] = entry.split(';').map((part) => part.trim());
      const weight = parameters.find((parameter) => /^q=/i.test(parameter));
      return { range, weight: weight ? Number(weight.slice(2)) : 1 };
    })
    .filter(({ range, weight }) => /^[a-z0-9]+(-[a-z0-9]+)*$/i.test(range) && weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .map(({ range }) => range);
}
