import type { ChangedTimes } from '../actions/campaign/check-decided.ts';
import { describeDoubt, describeRules, momentStanding } from '../actions/campaign/check-moment.ts';
import type { CampaignRecord } from '../actions/campaign/records.ts';
import type { Context } from '../context.ts';
import { englishLanguageName } from '../domain/locale.ts';
import type { Preview } from '../domain/preview.ts';
import { isTaken } from '../domain/text-rule.ts';
import type { Understood, UnderstoodText } from '../domain/understood.ts';

/** What the command line says of a campaign, for people. */

/** `changed`: what is wrong with its times in the database; null where they are as decided. */
export function describeCampaign(
  ctx: Context,
  campaign: CampaignRecord,
  changed: ChangedTimes | null = null,
): string[] {
  const { wall, zone, instant } = campaign.moment;
  return [
    `${campaign.slug}: ${stateOf(campaign)}`,
    `moment ${wall} ${zone}, which is by ${describeRules(ctx, campaign)}: ${instant.toISOString()}`,
    ...describeMomentDoubt(ctx, campaign, changed),
  ];
}

/** What is in doubt about the moment, and what to do; nothing where it is certain. */
function describeMomentDoubt(
  ctx: Context,
  campaign: CampaignRecord,
  changed: ChangedTimes | null,
): string[] {
  const standing = momentStanding(ctx, campaign);
  if (standing.doubts.length === 0 && changed === null) return [];
  const command = `npm run tocsin -- campaign moment ${campaign.slug}`;
  return [
    `in doubt: ${changed?.what ?? describeDoubt(campaign, standing)}`,
    `it is held until somebody decides: ${command} --keep, or --move`,
  ];
}

/** One line of a list. */
export function describeRow(campaign: CampaignRecord, pledges: number): string {
  const { instant } = campaign.moment;
  return `${instant.toISOString()}  ${campaign.slug}: ${stateOf(campaign)}, pledges ${pledges}, goal ${figures(campaign.content.goal)}`;
}

/** What of a campaign is easily misread where it was written. */
export function describeUnderstood({ content }: CampaignRecord): string[] {
  return [
    `languages ${content.locales.map(languageOf).join(', ')}`,
    `goal ${figures(content.goal)}`,
    ...Object.entries(content.contentWarning ?? {}).map(
      ([locale, warning]) => `content warning ${languageOf(locale)}: ${warning}`,
    ),
  ];
}

function figures(count: number): string {
  return count.toLocaleString('en');
}

/** `pt-BR (Brazilian Portuguese)`; the tag alone where its name is not known. */
function languageOf(locale: string): string {
  const name = englishLanguageName(locale);
  return name === null ? locale : `${locale} (${name})`;
}

/** What a new campaign was understood to be: moment, each text with its platforms, and what was mended. */
export function describeNew({ goal, languages, moment, texts, mended }: Understood): string[] {
  const times = [
    { at: moment.instant.toISOString().slice(0, 19), where: 'UTC' },
    ...moment.zones
      .filter(({ zone }) => zone !== 'UTC')
      .map(({ at, zone, offset }) => ({ at, where: `${zone}, UTC${offset}` })),
  ];
  return [
    ...times.map(({ at, where }) => `  ${at.replace('T', ' ')}  ${where}`),
    `languages ${languages.map(({ locale }) => languageOf(locale)).join(', ')}`,
    `goal ${goal}`,
    texts.length === 1 ? '1 text:' : `${texts.length} texts:`,
    ...texts.flatMap(describeText),
    ...mended.map(({ field, message }) => `mended: ${field}: ${message}`),
  ];
}

/** The text, what stands before it and where, and a table of what both come to on each platform, by its own counting. */
function describeText({ text, wordings, platforms }: UnderstoodText): string[] {
  const names = wordings.map(({ locale, variant }) => wordingName(languageOf(locale), variant));
  const width = Math.max(...platforms.map(({ label }) => label.length));
  return [
    `${names.join('; ')}:`,
    ...platforms.flatMap((one) => warningLine(one)),
    `  ${text.replaceAll('\n', '\n  ')}`,
    ...platforms.map((one) => {
      const count = figures(one.length).padStart(6);
      return `    ${one.label.padEnd(width)}${count} of ${figures(one.limit)} ${one.unit}${notOffered(one)}`;
    }),
  ];
}

function warningLine({
  label,
  contentWarning,
}: Pick<Preview, 'label' | 'contentWarning'>): string[] {
  return contentWarning === null
    ? []
    : [`  on ${label} behind a content warning: ${contentWarning}`];
}

/** One text in full. */
export function describePreview(preview: Preview): string {
  const { locale, variant, label, length, limit, unit } = preview;
  const head = `${wordingName(locale, variant)}${variant === 0 ? '' : ','} on ${label}, ${length} of ${limit} ${unit}${notOffered(preview)}:`;
  const text = `  ${preview.text.replaceAll('\n', '\n  ')}`;
  return [head, ...warningLine(preview), text].join('\n');
}

/** Why a platform is not offered for a text; '' where it is. */
function notOffered(one: Pick<Preview, 'label' | 'length' | 'limit' | 'refused'>): string {
  if (isTaken(one)) return '';
  const why = one.length > one.limit ? 'too long' : `refused (${one.refused})`;
  return `, ${why}, so ${one.label} is not offered for it`;
}

function wordingName(locale: string, variant: number): string {
  return variant === 0 ? locale : `${locale}, variant ${variant}`;
}

function stateOf({ state }: CampaignRecord): string {
  return state.replaceAll('_', ' ');
}
