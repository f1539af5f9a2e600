import type { CampaignContent, Localized, Organisation, PictureWords, Source } from './campaign.ts';
import { characterProblem, tidy, tidyMarkdown } from './characters.ts';
import { canonicalLocale, localeProblem } from './locale.ts';
import {
  type Moment,
  type MomentInput,
  refuseFarYear,
  refusePast,
  resolveMoment,
} from './moment.ts';
import type { ProblemList } from './problem-list.ts';
import { isMapping } from './schema-problems.ts';
import { losesLetters, proposeSlug, slugFrom } from './slug.ts';
import { storyProblems } from './story.ts';
import { didYouMean } from './suggest.ts';
import { bareHashtag, hashtagProblem } from './text/hashtags.ts';
import { lookalikeHostProblem } from './text/host-letters.ts';
import { lineProblem, placeholderOutside } from './text/leftovers.ts';
import { linkProblem } from './text/link-problem.ts';
import { linksIn } from './text/links.ts';
import { placeInText } from './text/text-place.ts';
import type { ZoneRules } from './zone/zone-rules.ts';

/**
 * The checks of a campaign's fields that no schema can say. Each reports what is wrong and gives the value as it is to
 * be kept; for what the schema found malformed already it says nothing more and gives something empty.
 */

/** Checks one text; gives it as it is to be kept. */
type TextCheck = (report: ProblemList, field: string, text: string) => string;

/** For texts of a single line: titles and names. */
export function checkLine(report: ProblemList, field: string, text: string): string {
  const line = tidy(text);
  const bad = line === '' ? 'is empty; write something' : characterProblem(line, 'line');
  const problem = bad ?? lineProblem(line);
  if (problem) report.add(field, problem);
  return line;
}

export function checkStory(report: ProblemList, field: string, text: string): string {
  const story = tidyMarkdown(text);
  const empty = story === '' ? 'is empty; write something' : null;
  const bad = empty ?? characterProblem(story, 'markdown') ?? placeholderOutside(story);
  if (bad) report.add(field, bad);
  for (const problem of [...storyProblems(story), ...addressProblems(story)]) {
    report.add(field, problem);
  }
  return story;
}

/** Addresses in a story that lead to a site which can be taken for another, each with its line. */
function addressProblems(story: string): string[] {
  return story.split('\n').flatMap((text, index) =>
    linksIn(text).flatMap((link) => {
      const problem = lookalikeHostProblem(link.text);
      return problem === null ? [] : `${problem} (${placeInText(index + 1)})`;
    }),
  );
}

/** Canonical and unique, in the order given. */
export function checkLocales(report: ProblemList, value: unknown): string[] {
  if (!Array.isArray(value) || !report.isSound('locales')) return [];
  const locales: string[] = [];
  for (const [index, tag] of value.entries()) {
    const field = `locales[${index}]`;
    const others = value.filter((one) => one !== tag && typeof one === 'string');
    const bad = localeProblem(tag, others);
    const locale = canonicalLocale(tag) ?? tag;
    if (bad !== null) {
      report.add(field, bad);
    } else if (locales.includes(locale)) {
      report.add(field, `${locale} is listed twice; remove one`);
    } else {
      locales.push(locale);
    }
  }
  return report.isSound('locales') ? locales : [];
}

/**
 * A text for each of the campaign's locales, or of those that are `needed`, and for no other. Without locales only the texts
 * are looked at.
 */
export function checkTexts(
  report: ProblemList,
  field: string,
  value: unknown,
  locales: readonly string[],
  check: TextCheck,
  needed = locales,
): Localized {
  const read = (path: string, text: unknown) =>
    typeof text === 'string' ? check(report, path, text) : null;
  return checkEach(report, field, value, { locales, needed }, read);
}

/** Lists of other wordings, tidied; what they come to is looked at together with the messages. */
export function checkVariants(
  report: ProblemList,
  value: unknown,
  locales: readonly string[],
): Readonly<Record<string, readonly string[]>> {
  const read = (_path: string, list: unknown) =>
    Array.isArray(list) ? list.map((source) => tidy(String(source))) : null;
  return checkEach(report, 'variants', value, { locales, needed: locales }, read);
}

/** Something for each locale that is needed, and for none that is not the campaign's. `read` gives null for what it cannot read. */
function checkEach<T>(
  report: ProblemList,
  field: string,
  value: unknown,
  { locales, needed }: Record<'locales' | 'needed', readonly string[]>,
  read: (path: string, item: unknown) => T | null,
): Record<string, T> {
  if (!isMapping(value)) return {};
  const items = new Map<string, T | null>();
  for (const [key, item] of Object.entries(value)) {
    const locale = canonicalLocale(key) ?? key;
    if (locales.length > 0 && !locales.includes(locale)) {
      const hint = didYouMean(key, locales) || `; they are ${locales.join(', ')}`;
      report.add(`${field}.${key}`, `is not one of the campaign's locales${hint}`);
    } else if (items.has(locale)) {
      report.add(`${field}.${key}`, `is here twice, as ${locale} also; remove one`);
    } else {
      const readable = report.isSound(`${field}.${key}`);
      items.set(locale, readable ? read(`${field}.${locale}`, item) : null);
    }
  }
  for (const locale of needed) {
    if (!items.has(locale)) {
      report.add(`${field}.${locale}`, 'is missing: every locale of the campaign needs one');
    }
  }
  return inOrder(items, locales);
}

/** Only what could be read, in the order of the locales. */
function inOrder<T>(
  items: ReadonlyMap<string, T | null>,
  locales: readonly string[],
): Record<string, T> {
  const order = locales.length > 0 ? locales : [...items.keys()];
  const readable: [string, T][] = [];
  for (const locale of order) {
    const item = items.get(locale);
    if (item !== null && item !== undefined) readable.push([locale, item]);
  }
  return Object.fromEntries(readable);
}

/** What is said of the picture; nothing where there is none. */
export function checkPictureWords(
  report: ProblemList,
  value: unknown,
  locales: readonly string[],
): { picture?: PictureWords } {
  if (!isMapping(value)) return {};
  const alt = checkTexts(report, 'picture.alt', value.alt, locales, checkLine);
  if (typeof value.credit !== 'string') return { picture: { alt } };
  return { picture: { alt, credit: checkLine(report, 'picture.credit', value.credit) } };
}

/** Where to check what is said; nothing where no list is given. An address twice is a slip of the pen. */
export function checkSources(report: ProblemList, value: unknown): { sources?: readonly Source[] } {
  if (!Array.isArray(value)) return {};
  const urls: string[] = [];
  const sources = value.map((item: unknown, index) => {
    const field = `sources[${index}]`;
    if (!isMapping(item) || !report.isSound(field)) return { title: '', url: '' };
    const title = checkLine(report, `${field}.title`, String(item.title));
    const url = checkLink(report, `${field}.url`, item.url);
    if (urls.includes(url)) report.add(`${field}.url`, 'is listed twice; remove one');
    urls.push(url);
    return { title, url };
  });
  return { sources };
}

export function checkOrganisation(
  report: ProblemList,
  field: string,
  value: unknown,
): Organisation {
  if (!isMapping(value) || !report.isSound(field)) return { name: '' };
  const name = checkLine(report, `${field}.name`, String(value.name));
  if (value.url === undefined) return { name };
  return { name, url: checkLink(report, `${field}.url`, value.url) };
}

export function checkLink(report: ProblemList, field: string, value: unknown): string {
  if (typeof value !== 'string' || !report.isSound(field)) return '';
  const link = value.trim();
  const bad = linkProblem(link);
  if (bad) report.add(field, bad);
  return link;
}

/** Without `#`, in the order given. Two that differ in case only are one to every platform. */
export function checkHashtags(report: ProblemList, value: unknown): string[] {
  if (!Array.isArray(value) || !report.isSound('hashtags')) return [];
  const hashtags = value.map((text) => bareHashtag(text));
  const folded = hashtags.map((tag) => tag.toLowerCase());
  for (const [index, tag] of hashtags.entries()) {
    const first = folded.indexOf(tag.toLowerCase());
    const twice = first < index ? `"${tag}" is listed twice; remove one` : null;
    const bad = twice ?? hashtagProblem(tag);
    if (bad) report.add(`hashtags[${index}]`, bad);
  }
  return hashtags;
}

/**
 * The slug given, or one made from the title in the first locale, where all its words can be written in Latin letters; where they cannot,
 * one is asked for, and one that can be taken is named. `at`: the wall time of the moment.
 */
export function checkSlug(
  report: ProblemList,
  value: unknown,
  content: Pick<CampaignContent, 'title' | 'locales' | 'hashtags'>,
  at: unknown,
): string {
  if (value !== undefined) return typeof value === 'string' ? value : '';
  const [locale] = content.locales;
  const title = content.title[locale ?? ''];
  const slug = slugFrom(title ?? '', locale);
  if (title !== undefined && slug === null) {
    const why = losesLetters(title, locale)
      ? 'not every word of the title can be written in Latin letters'
      : 'the title has too few letters and digits for one of three';
    const proposed = proposeSlug(content, typeof at === 'string' ? at : '');
    report.add('slug', `is needed: ${why}; write one, such as slug: ${proposed}`);
  }
  return slug ?? '';
}

/** Null when there is none to be had; why is reported. */
export function checkMomentField(
  report: ProblemList,
  value: unknown,
  now: Date,
  zones: ZoneRules,
): Moment | null {
  if (!isMapping(value) || !report.isSound('moment.at') || !report.isSound('moment.zone'))
    return null;
  const { at, zone, occurrence } = value as unknown as MomentInput;
  return report.attempt(() => {
    refuseFarYear(at, now);
    const input = { at, zone, ...(occurrence ? { occurrence } : {}) };
    const moment = resolveMoment(input, zones, now);
    refusePast(moment, now);
    return moment;
  });
}
