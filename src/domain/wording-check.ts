import type { CampaignContent, Localized } from './campaign.ts';
import { ADDRESS_FIELDS } from './campaign-schema.ts';
import type { FieldProblem } from './errors.ts';
import { mixedWord } from './lookalike.ts';
import { possibleTexts } from './preview.ts';
import type { MessageTemplate, MessageValues } from './template.ts';
import { hashtagsIn } from './text/hashtags.ts';
import { lookalikeHostProblem, lookalikeHostWarning } from './text/host-letters.ts';
import { fillInWarning, leftoverProblem } from './text/leftovers.ts';
import { linksIn, replaceLinks } from './text/links.ts';
import { findWritingSystem } from './text/scripts.ts';
import { bareLinkWarnings, otherLettersWarning, quotedWholeWarning } from './text/slips.ts';
import type { TextRule } from './text-rule.ts';

/** Put in the place of a value, to see where a template uses it. */
const MARK_LINK = 'https://example.org/zqzq';
const MARK_TAG = 'zqzq';
/** What a supporter may type that joins most with what stands beside it. */
const JOINING = 'a';

/** What is wrong with what a wording says, beside its length; empty when it can be posted. */
export function wordingProblems(template: MessageTemplate, values: MessageValues): string[] {
  const texts = possibleTexts(template, values, JOINING);
  const leftovers = texts.map(leftoverProblem);
  const hosts = texts.flatMap((text) =>
    linksIn(text).map((one) => (one.text === values.link ? null : lookalikeHostProblem(one.text))),
  );
  const split = [
    sizeShown(template.source),
    linkSplit(template, values, texts),
    hashtagSplit(template, values, texts),
  ];
  return [...new Set([...leftovers, ...hosts, ...split])].filter((problem) => problem !== null);
}

/** What may be meant, and should be looked at before it is agreed to. */
export function wordingWarnings(text: string, link: string, rules: readonly TextRule[]): string[] {
  const hosts = linksIn(text).map((one) =>
    one.text === link ? null : lookalikeHostWarning(one.text),
  );
  const more = [
    fillInWarning(text),
    quotedWholeWarning(text, 'posted'),
    mixedWord(replaceLinks(text, ' ')),
    ...hosts,
  ];
  return [...linkWarnings(text, link, rules), ...more.filter((one) => one !== null)];
}

function linkWarnings(text: string, link: string, rules: readonly TextRule[]): string[] {
  const count = linksIn(text).filter((one) => one.text === link).length;
  if (count === 0) return ['has no {{ link }}: its posts lead nobody to the campaign’s link'];
  return rules.flatMap((rule) => {
    const others = rule.linksIn?.(text) ?? [];
    const found = others.find((one) => one.startsWith(link) && one !== link);
    if (!found) return [];
    return `on ${rule.label} the link goes on to the next blank and becomes ${found}; put a blank after {{ link }}`;
  });
}

/** Texts that are in none of the letters which their language is written in. */
export function otherLetters(content: CampaignContent): FieldProblem[] {
  const { title, messages, variants = {} } = content;
  const texts = content.locales.flatMap((locale) => [
    { locale, field: `title.${locale}`, text: title[locale] },
    { locale, field: `messages.${locale}`, text: messages[locale] },
    ...(variants[locale] ?? []).map((text, index) => {
      return { locale, field: `variants.${locale}[${index}]`, text };
    }),
  ]);
  return texts.flatMap(({ locale, field, text = '' }) => {
    const message = otherLettersWarning(text, findWritingSystem(locale));
    return message === null ? [] : [{ field, message }];
  });
}

/**
 * What may not be meant in Markdown that a page shows: a story, a letter, an update. `field`: what its texts stand in, `link`: the
 * campaign's own.
 */
export function storyWarnings(field: string, texts: Localized, link: string): FieldProblem[] {
  return Object.entries(texts).flatMap(([locale, text]) => {
    const said = [
      otherLettersWarning(text, findWritingSystem(locale)),
      ...linksIn(text).map((one) => lookalikeHostWarning(one.text)),
      ...bareLinkWarnings(text, text, link),
    ].filter((one) => one !== null);
    return [...new Set(said)].map((message) => ({ field: `${field}.${locale}`, message }));
  });
}

/** Titles and hashtags with a word that is not what it looks like, and addresses that may lead elsewhere than they look. */
export function lookalikeWarnings(content: CampaignContent): FieldProblem[] {
  const { title, hashtags, organiser, partners, sources = [] } = content;
  const words: [field: string, text: string][] = [
    ...Object.entries(title).map(([locale, text]) => [`title.${locale}`, text] as [string, string]),
    ...hashtags.map((tag, index) => [`hashtags[${index}]`, tag] as [string, string]),
  ];
  const links: [field: string, link: string | undefined][] = [
    ...ADDRESS_FIELDS.map((field) => [field, content[field]] as [string, string | undefined]),
    ['organiser.url', organiser.url],
    ...partners.map(({ url }, index) => [`partners[${index}].url`, url] as [string, string]),
    ...sources.map(({ url }, index) => [`sources[${index}].url`, url] as [string, string]),
  ];
  return [
    ...words.map(([field, text]) => ({ field, message: mixedWord(text) })),
    ...words.map(([field, text]) => ({ field, message: quotedWholeWarning(text, 'shown') })),
    ...links.map(([field, url]) => ({ field, message: url ? lookalikeHostWarning(url) : null })),
  ].filter((one): one is FieldProblem => one.message !== null);
}

/** Which networks cut a hashtag, and into what. */
export function hashtagWarnings(
  { hashtags }: Pick<CampaignContent, 'hashtags'>,
  rules: readonly TextRule[],
): FieldProblem[] {
  return hashtags.flatMap((tag, index) => {
    const cuts = rules.flatMap((rule) => {
      const left = rule.hashtagOf?.(tag) ?? tag;
      if (left === tag) return [];
      return left === '' ? `${rule.label} makes none of it` : `${rule.label} makes #${left} of it`;
    });
    if (cuts.length === 0) return [];
    return { field: `hashtags[${index}]`, message: `"${tag}" is cut: ${cuts.join(', ')}` };
  });
}

/** A number in the place of the link or the hashtags. In a tag, such as `assign`, it can be asked for. */
function sizeShown(source: string): string | null {
  const outputs = (source.match(/\{\{.*?\}\}/gs) ?? []).join('');
  const shown = (['link', 'hashtags'] as const).find((one) => filterOn(one, outputs) === 'size');
  return shown === undefined
    ? null
    : `the filter \`size\` puts a number in the place of {{ ${shown} }}; ${mendOf(shown)}`;
}

/** Of no width; some networks take it for a part of the link. */
const UNSEEN = /^(?:[\u00AD\u180E\u200B-\u200D\u2060-\u2064]|\u034F)/;

/** Where `{{ link }}` stands, the link has to come back as itself. */
function linkSplit(
  template: MessageTemplate,
  values: MessageValues,
  texts: readonly string[],
): string | null {
  const marked = possibleTexts(template, { ...values, link: MARK_LINK }, JOINING);
  for (const [index, text] of texts.entries()) {
    const wanted = count(marked[index] ?? '', MARK_LINK);
    const links = linksIn(text);
    const unseen = links.find(
      (one) => one.text === values.link && UNSEEN.test(text.slice(one.end)),
    );
    if (unseen) {
      const code = text.charCodeAt(unseen.end).toString(16).toUpperCase().padStart(4, '0');
      return `a character that cannot be seen, U+${code}, stands behind the link; remove it`;
    }
    if (links.filter((one) => one.text === values.link).length >= wanted) continue;
    const filter = filterOn('link', template.source);
    if (filter) return `the link would be changed by the filter \`${filter}\`; ${mendOf('link')}`;
    const found = links.find((one) => one.text.includes(values.link))?.text;
    return found
      ? `the link would run on to ${found}; put a blank after {{ link }}`
      : 'the link would not be found beside what stands before or after it; put blanks around {{ link }}';
  }
  return null;
}

/** Where `{{ hashtags }}` stands, every hashtag has to come back as itself, in the letters that were chosen. */
function hashtagSplit(
  template: MessageTemplate,
  values: MessageValues,
  texts: readonly string[],
): string | null {
  const marked = possibleTexts(template, { ...values, hashtags: [MARK_TAG] }, JOINING);
  for (const [index, text] of texts.entries()) {
    const wanted = count(marked[index] ?? '', `#${MARK_TAG}`);
    if (wanted === 0) continue;
    const found = hashtagsIn(text).map(({ tag }) => tag);
    const lost = values.hashtags.find((tag) => found.filter((one) => one === tag).length < wanted);
    if (lost !== undefined) {
      const filter = filterOn('hashtags', template.source);
      if (filter)
        return `#${lost} would be changed by the filter \`${filter}\`; ${mendOf('hashtags')}`;
      const other = found.find((tag) => tag.toLowerCase() === lost.toLowerCase());
      if (other) return `#${lost} would become #${other}; ${mendOf('hashtags')}`;
      return `#${lost} would not be a hashtag beside what stands before or after it; put blanks around {{ hashtags }}`;
    }
  }
  return null;
}

const KEEPING = ['default', 'lstrip', 'rstrip', 'strip'];

/** The first filter behind a placeholder that makes something else of its value, or null. */
function filterOn(placeholder: 'link' | 'hashtags', source: string): string | null {
  for (const [output] of source.matchAll(/\{[{%].*?[}%]\}/gs)) {
    const [, filters = ''] = new RegExp(`\\b${placeholder}\\s*(\\|.*)`, 's').exec(output) ?? [];
    const names = [...filters.matchAll(/\|\s*([a-z_]+)/g)].map(([, name = '']) => name);
    const changing = names.find((name) => !KEEPING.includes(name));
    if (changing !== undefined) return changing;
  }
  return null;
}

function mendOf(placeholder: 'link' | 'hashtags'): string {
  return `write {{ ${placeholder} }} without a filter, and blanks around it`;
}

function count(text: string, piece: string): number {
  return text.toLowerCase().split(piece.toLowerCase()).length - 1;
}
