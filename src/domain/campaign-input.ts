import type { CampaignContent } from './campaign.ts';
import {
  checkHashtags,
  checkLine,
  checkLink,
  checkLocales,
  checkMoment,
  checkOrganisation,
  checkSlug,
  checkStory,
  checkTexts,
} from './campaign-fields.ts';
import { CampaignInput } from './campaign-schema.ts';
import { tidy } from './characters.ts';
import { InputError } from './errors.ts';
import type { Moment } from './moment.ts';
import { fits, type Preview, possibleTexts, previewOf } from './preview.ts';
import { Report } from './report.ts';
import { isMapping, shapeProblems } from './shape.ts';
import { compileTemplate, messageValues } from './template.ts';
import type { TextRule } from './text-rule.ts';

export { CampaignInput } from './campaign-schema.ts';
export { parseCampaignYaml } from './campaign-yaml.ts';
export type { Preview } from './preview.ts';

/** A campaign that can be stored, and what its posts will look like. */
export interface ValidCampaign {
  slug: string;
  content: CampaignContent;
  moment: Moment;
  /** One for every locale on every platform, in that order; where one is too long, that platform is not offered. */
  previews: Preview[];
}

/**
 * The one validator behind the API and the command line. Says everything that is wrong, not only the first thing.
 * Texts come back tidied (NFC, LF, trimmed), locales in canonical case, hashtags without `#`. A message has to fit every
 * rule of `rules`; what it comes to by `others` is only told. See `previewOf` for how it is measured.
 * @throws InputError with dotted fields: `messages.fr`, `moment.at`, `partners[1].url`.
 */
export function validateCampaign(
  input: unknown,
  rules: readonly TextRule[],
  now: Date,
  others: readonly TextRule[] = [],
): ValidCampaign {
  const report = new Report(shapeProblems(CampaignInput, input, ''));
  if (!isMapping(input)) throw new InputError(report.problems);
  const content = checkContent(report, input);
  const previews = checkMessages(report, content, rules, others);
  const slug = checkSlug(report, input.slug, content.title[content.locales[0] ?? '']);
  const moment = checkMoment(report, input.moment, now);
  if (report.problems.length > 0 || moment === null) throw new InputError(report.problems);
  return { slug, content, moment, previews };
}

function checkContent(report: Report, input: Record<string, unknown>): CampaignContent {
  const locales = checkLocales(report, input.locales);
  const partners = Array.isArray(input.partners) ? input.partners : [];
  return {
    title: checkTexts(report, 'title', input.title, locales, checkLine),
    story: checkTexts(report, 'story', input.story, locales, checkStory),
    organiser: checkOrganisation(report, 'organiser', input.organiser),
    partners: partners.map((partner, index) =>
      checkOrganisation(report, `partners[${index}]`, partner),
    ),
    link: checkLink(report, 'link', input.link),
    goal: typeof input.goal === 'number' ? input.goal : 0,
    hashtags: checkHashtags(report, input.hashtags),
    locales,
    messages: checkTexts(report, 'messages', input.messages, locales, (_report, _field, text) =>
      tidy(text),
    ),
    ...(input.reminders === true ? { reminders: true } : {}),
  };
}

/** Compiles every message and measures it on every platform, as far as what it names is in order. */
function checkMessages(
  report: Report,
  content: CampaignContent,
  rules: readonly TextRule[],
  others: readonly TextRule[],
): Preview[] {
  const measurable = report.sound('link') && report.sound('hashtags');
  return Object.entries(content.messages).flatMap(([locale, source]) => {
    const field = `messages.${locale}`;
    const template = report.attempt(() => compileTemplate(source, field));
    if (!template || !measurable || !content.title[locale]) return [];
    const values = messageValues(content, locale);
    const texts = report.attempt(() => possibleTexts(template, values)) ?? [];
    if (texts.length === 0) return [];
    const previews = rules.map((rule) => previewOf(locale, texts, rule));
    for (const preview of previews.filter((one) => !fits(one))) {
      report.add(field, tooLong(preview, texts.length > 1));
    }
    return [...previews, ...others.map((rule) => previewOf(locale, texts, rule))];
  });
}

function tooLong({ locale, label, length, limit }: Preview, filledIn: boolean): string {
  const how = filledIn ? ' with the longest name and place that a supporter can type' : '';
  return `is too long in ${locale} on ${label}: ${length}${how}, and the limit is ${limit}; shorten it by ${length - limit}`;
}
