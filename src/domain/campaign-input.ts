import type { CampaignContent } from './campaign.ts';
import {
  checkHashtags,
  checkLine,
  checkLink,
  checkLocales,
  checkMomentField,
  checkOrganisation,
  checkPictureWords,
  checkSlug,
  checkSources,
  checkStory,
  checkTexts,
  checkVariants,
} from './campaign-fields.ts';
import { emptyWarnings } from './campaign-file/empty-field.ts';
import { inFileLines, withFileLines } from './campaign-file/yaml-places.ts';
import { CampaignInput } from './campaign-schema.ts';
import { tidy } from './characters.ts';
import { checkContentWarning } from './content-warning.ts';
import { damagedTexts } from './damaged-text.ts';
import { type FieldProblem, InputError } from './errors.ts';
import { localeWarnings } from './locale.ts';
import { mendsIn } from './mended.ts';
import type { Moment } from './moment.ts';
import { type Preview, possibleTexts, toPreview } from './preview.ts';
import { ProblemList } from './problem-list.ts';
import { isMapping, shapeProblems } from './schema-problems.ts';
import { SUPPORTER_FIELDS } from './supporter-field.ts';
import { compileTemplate, type MessageTemplate, messageValues } from './template.ts';
import { slipWarnings } from './text/slips.ts';
import { isTaken, type TextRule } from './text-rule.ts';
import { type Understood, understand } from './understood.ts';
import {
  hashtagWarnings,
  lookalikeWarnings,
  otherLetters,
  storyWarnings,
  wordingProblems,
  wordingWarnings,
} from './wording-check.ts';
import { contentWarningIn } from './words.ts';
import { RUNTIME_RULES, type ZoneRules } from './zone/zone-rules.ts';

export { parseCampaignYaml } from './campaign-file/campaign-yaml.ts';
export { CampaignInput } from './campaign-schema.ts';
export type { Preview } from './preview.ts';

/** A campaign that can be stored, and what its posts will look like. */
export interface ValidCampaign {
  slug: string;
  content: CampaignContent;
  moment: Moment;
  /**
   * One for every locale, wording and platform, in that order: the message first, then its variants. Where a message is too
   * long, that platform is not offered.
   */
  previews: Preview[];
  /** What is allowed and may not be meant, by field. */
  warnings: FieldProblem[];
  understood: Understood;
}

/**
 * The one validator behind the API and the command line. Says everything that is wrong, not only the first thing.
 * Texts come back tidied (NFC, LF, trimmed), locales in canonical case, hashtags without `#`. A message and its variants
 * have to fit every rule of `rules`; what they come to by `others` is only told. See `toPreview` for how they are measured.
 * @throws InputError with dotted fields: `messages.fr`, `variants.fr[2]`, `moment.at`, `partners[1].url`. Of data that
 * `parseCampaignYaml` has read, its messages and the warnings name lines of the file.
 */
export function validateCampaign(
  input: unknown,
  rules: readonly TextRule[],
  now: Date,
  others: readonly TextRule[] = [],
  zones: ZoneRules = RUNTIME_RULES,
): ValidCampaign {
  const valid = withFileLines(input, () => check(input, rules, now, others, zones));
  return { ...valid, warnings: inFileLines(input, valid.warnings) };
}

function check(
  input: unknown,
  rules: readonly TextRule[],
  now: Date,
  others: readonly TextRule[],
  zones: ZoneRules,
): ValidCampaign {
  // What is left of damaged texts is not what anybody wrote, so nothing else is said of them.
  const damaged = damagedTexts(input, isMapping(input) ? input.locales : []);
  if (damaged.length > 0) throw new InputError(damaged);
  const report = new ProblemList(shapeProblems(CampaignInput, input, ''));
  if (!isMapping(input)) throw new InputError(report.problems);
  const content = checkContent(report, input);
  const previews = checkWordings(report, content, rules, others);
  const at = isMapping(input.moment) ? input.moment.at : undefined;
  const slug = checkSlug(report, input.slug, content, at);
  const moment = checkMomentField(report, input.moment, now, zones);
  if (report.problems.length > 0 || moment === null) throw new InputError(report.problems);
  const warnings = warningsOf(content, previews, [...rules, ...others]);
  const mended = mendsIn(input, { slug, content, moment });
  const understood = understand({ content, moment }, previews, mended, zones);
  return { slug, content, moment, previews, warnings, understood };
}

function checkContent(report: ProblemList, input: Record<string, unknown>): CampaignContent {
  const locales = checkLocales(report, input.locales);
  const partners = Array.isArray(input.partners) ? input.partners : [];
  return {
    title: checkTexts(report, 'title', input.title, locales, checkLine),
    story: checkTexts(report, 'story', input.story, locales, checkStory),
    ...given(input.addressee, {
      addressee: checkTexts(report, 'addressee', input.addressee, locales, checkLine),
    }),
    ...given(input.letter, {
      letter: checkTexts(report, 'letter', input.letter, locales, checkStory),
    }),
    ...checkPictureWords(report, input.picture, locales),
    ...checkSources(report, input.sources),
    ...given(input.donation, { donation: checkLink(report, 'donation', input.donation) }),
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
    ...given(input.variants, { variants: checkVariants(report, input.variants, locales) }),
    ...given(input.content_warning, {
      contentWarning: checkTexts(
        report,
        'content_warning',
        input.content_warning,
        locales,
        checkContentWarning,
      ),
    }),
    ...(input.own_words === true ? { ownWords: true } : {}),
    ...(input.reminders === true ? { reminders: true } : {}),
  };
}

/** These fields, unless the input says nothing of them. */
function given<T extends object>(value: unknown, fields: T): T | Record<string, never> {
  return value === undefined ? {} : fields;
}

/** Compiles every wording and measures it on every platform, as far as what it names is in order. */
function checkWordings(
  report: ProblemList,
  content: CampaignContent,
  rules: readonly TextRule[],
  others: readonly TextRule[],
): Preview[] {
  const measurable = report.isSound('link') && report.isSound('hashtags');
  return Object.keys({ ...content.messages, ...content.variants }).flatMap((locale) => {
    const known = new Map<string, string>();
    const warning = contentWarningIn(content, locale);
    return wordingsIn(content, locale).flatMap(({ variant, field, source }) => {
      const template = report.attempt(() => compileTemplate(source, field));
      if (!template || !measurable || !content.title[locale]) return [];
      const values = messageValues(content, locale);
      const texts = report.attempt(() => possibleTexts(template, values)) ?? [];
      if (texts.length === 0) return [];
      const says = JSON.stringify(texts);
      const twin = known.get(says);
      if (twin) report.add(field, `says the same as ${twin}; write it another way or remove it`);
      known.set(says, twin ?? field);
      const of = { locale, variant };
      const previews = rules.map((rule) => toPreview(of, texts, rule, warning));
      for (const problem of report.attempt(() => wordingProblems(template, values)) ?? []) {
        report.add(field, problem);
      }
      const typed = typedIn(template);
      for (const [index, preview] of previews.entries()) {
        if (!isTaken(preview)) report.add(field, unfit(preview, typed, rules[index]));
      }
      return [...previews, ...others.map((rule) => toPreview(of, texts, rule, warning))];
    });
  });
}

/** One text of a locale: its number as `toWordings` counts, the field it stands in, and its template. */
interface WordingField {
  variant: number;
  field: string;
  source: string;
}

function wordingsIn(content: CampaignContent, locale: string): WordingField[] {
  const message = content.messages[locale];
  const variants = content.variants?.[locale] ?? [];
  const fields = variants.map((source, index) => ({
    variant: index + 1,
    field: `variants.${locale}[${index}]`,
    source,
  }));
  if (message === undefined) return fields;
  return [{ variant: 0, field: `messages.${locale}`, source: message }, ...fields];
}

/** What supporters can type into a wording: `name and place`, or '' where it is nothing. */
function typedIn({ placeholders }: MessageTemplate): string {
  return SUPPORTER_FIELDS.filter((name) => placeholders.includes(name)).join(' and ');
}

/** Where it is too long and breaks another rule, too, the length is told: shortened, it is told the rest. */
function unfit(preview: Preview, typed: string, rule: TextRule | undefined): string {
  const { locale, label, length, limit, contentWarning, refused } = preview;
  if (refused !== null && length <= limit) return `is refused in ${locale}: ${refused}`;
  const how = typed === '' ? '' : ` with the longest ${typed} that a supporter can type`;
  const counts = rule?.counts ? `. ${rule.counts}` : '';
  const before = contentWarning === null ? '' : `, or its content_warning, which counts with it`;
  return `is too long in ${locale} on ${label}: ${length}${how}, and the limit is ${limit}; shorten it by ${length - limit}${before}${counts}`;
}

/** One for each wording, not for each network that has it. */
function warningsOf(
  content: CampaignContent,
  previews: readonly Preview[],
  rules: readonly TextRule[],
): FieldProblem[] {
  const texts = new Map(
    previews.map(({ locale, variant, text }) => [`${locale} ${variant}`, text]),
  );
  const wordings = Object.keys(content.messages).flatMap((locale) =>
    wordingsIn(content, locale).flatMap(({ variant, field, source }) => {
      const text = texts.get(`${locale} ${variant}`);
      if (text === undefined) return [];
      const said = [
        ...wordingWarnings(text, content.link, rules),
        ...slipWarnings(text, source, content.link),
        ...emptyWarnings(source, messageValues(content, locale)),
      ];
      return said.map((message) => ({ field, message }));
    }),
  );
  return [
    ...localeWarnings(content.locales),
    ...hashtagWarnings(content, rules),
    ...lookalikeWarnings(content),
    ...otherLetters(content),
    ...storyWarnings('story', content.story, content.link),
    ...storyWarnings('letter', content.letter ?? {}, content.link),
    ...wordings,
  ];
}
