import { rawTimeZones } from '@vvo/tzdb';
import type { CampaignContent } from './campaign.ts';
import type { FieldProblem } from './errors.ts';
import { englishLanguageName } from './locale.ts';
import { type Moment, momentAt } from './moment.ts';
import type { Preview } from './preview.ts';
import { type ZoneRules, zoneOffset } from './zone/zone-rules.ts';
import { MAIN_ZONE_BY_COUNTRY } from './zone-largest.ts';

/** What was made of a campaign that was written, to be read once more by its author. */
export interface Understood {
  /** With separators, as in English: 10,000. */
  goal: string;
  /** `name`: the English name; null where there is none. */
  languages: readonly { locale: string; name: string | null }[];
  /** In the campaign's zone first, then in two others; see `zonesFor`. */
  moment: { instant: Date; zones: readonly ZoneTime[] };
  texts: readonly UnderstoodText[];
  /** What is kept otherwise than it was written, by field; see `mendsIn`. */
  mended: readonly FieldProblem[];
}

/** The moment on the clocks of one zone. */
export interface ZoneTime {
  zone: string;
  /** Wall time: 2031-06-01T12:00:00. */
  at: string;
  /** Of that wall to UTC: -03:00. */
  offset: string;
}

/** One text, whatever it is posted for, and how long it is on each platform. */
export interface UnderstoodText {
  text: string;
  /** Which wordings come to this text: 0 is the message, 1 the first variant. */
  wordings: readonly Pick<Preview, 'locale' | 'variant'>[];
  platforms: readonly TextOnPlatform[];
}

/** How long a text is there, with the content warning before it, and how long it may be. */
export type TextOnPlatform = Pick<
  Preview,
  'platform' | 'label' | 'length' | 'limit' | 'unit' | 'contentWarning' | 'refused'
>;

/** Says again what a campaign was taken for. */
export function understand(
  kept: { content: CampaignContent; moment: Moment },
  previews: readonly Preview[],
  mended: readonly FieldProblem[],
  rules: ZoneRules,
): Understood {
  const { content, moment } = kept;
  const { instant } = moment;
  return {
    goal: content.goal.toLocaleString('en'),
    languages: content.locales.map((locale) => ({ locale, name: englishLanguageName(locale) })),
    moment: { instant, zones: zonesFor(content.locales, moment, rules) },
    texts: distinctTexts(previews),
    mended,
  };
}

/** Languages whose zones are told where the campaign's own are fewer than three: New York, Madrid, Cairo, Kolkata, Shanghai. */
const WIDELY_SPOKEN = ['en', 'es', 'ar', 'hi', 'zh'];
const ZONES = 3;

/**
 * Three zones: the campaign's own, then for each of its languages, in order, that of the largest city of the country where most of
 * its speakers live (CLDR), then those of widely spoken languages. One whose clocks show what is there already is passed over.
 */
function zonesFor(locales: readonly string[], moment: Moment, rules: ZoneRules): ZoneTime[] {
  const { instant, zone } = moment;
  const others = [...locales, ...WIDELY_SPOKEN].map(zoneOf).filter((one) => one !== null);
  const times: ZoneTime[] = [];
  for (const name of [zone, ...others]) {
    const minutes = zoneOffset(rules, name, instant.getTime());
    if (minutes === null || times.length === ZONES) continue;
    const offset = formatOffset(minutes);
    if (times.some((time) => time.offset === offset)) continue;
    times.push({ zone: name, at: momentAt(instant, name, rules).wall, offset });
  }
  return times;
}

/** Null for a language without a country, such as Esperanto. */
function zoneOf(locale: string): string | null {
  const { region = '' } = new Intl.Locale(locale).maximize();
  const only = rawTimeZones.find(({ countryCode }) => countryCode === region);
  return MAIN_ZONE_BY_COUNTRY[region] ?? only?.name ?? null;
}

function formatOffset(minutes: number): string {
  const whole = Math.abs(minutes);
  const two = (value: number) => String(Math.trunc(value)).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${two(whole / 60)}:${two(whole % 60)}`;
}

/** Each text once, in the order of the previews. Two that look alike and are not of the same lengths stay two. */
function distinctTexts(previews: readonly Preview[]): UnderstoodText[] {
  const wordings = new Map<string, Preview[]>();
  for (const preview of previews) {
    const key = `${preview.locale} ${preview.variant}`;
    wordings.set(key, [...(wordings.get(key) ?? []), preview]);
  }
  const texts = new Map<string, UnderstoodText>();
  for (const group of wordings.values()) {
    const [first] = group;
    if (!first) continue;
    const { locale, variant, text } = first;
    const platforms = group.map((preview) => {
      const { platform, label, length, limit, unit, contentWarning, refused } = preview;
      return { platform, label, length, limit, unit, contentWarning, refused };
    });
    const key = JSON.stringify([text, platforms]);
    const known = texts.get(key)?.wordings ?? [];
    texts.set(key, { text, wordings: [...known, { locale, variant }], platforms });
  }
  return [...texts.values()];
}
