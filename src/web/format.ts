import { createBoundedMemo } from '../domain/bounded-memo.ts';
import { wallMsAt } from '../domain/moment.ts';
import { RUNTIME_RULES, type ZoneRules, zoneNames } from '../domain/zone/zone-rules.ts';
import type { MomentView } from './views/campaign.ts';

/** English dates in the international order: the day before the month, 24 hours. */
const DATE_LOCALES: Readonly<Record<string, string>> = { en: 'en-GB' };

const DAY = { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' } as const;
const CLOCK = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
const CLOCK_S = { ...CLOCK, second: '2-digit' } as const;
const DAY_CLOCK = { weekday: 'long', ...CLOCK } as const;
const DAY_CLOCK_S = { weekday: 'long', ...CLOCK_S } as const;
const CLOCK_TENTH = { ...CLOCK, second: '2-digit', fractionalSecondDigits: 1 } as const;
const ZONE_NAMES = { any: { timeZoneName: 'longGeneric' }, utc: { timeZoneName: 'long' } } as const;
const CLOCK_MS = { ...CLOCK, second: '2-digit', fractionalSecondDigits: 3 } as const;

let zoneRules = (): ZoneRules => RUNTIME_RULES;

/** Has this process show every time by these rules of time zones, in place of the runtime's own. */
export function showTimesBy(rules: () => ZoneRules): void {
  zoneRules = rules;
}

/** A zone with all of its names, for a browser to know it by whichever it uses. */
export function namesOfZone(zone: string): string[] {
  return zoneNames(zoneRules(), zone);
}

// Making an Intl formatter costs more than a whole page, so each is made once.
const formatters = new Map<string, Intl.DateTimeFormat>();
const numbers = new Map<string, Intl.NumberFormat>();
const durations = new Map<string, Intl.NumberFormat>();
const lists = new Map<string, Intl.ListFormat>();

function formatter(
  locale: string,
  zone: string,
  options: Intl.DateTimeFormatOptions,
): Intl.DateTimeFormat {
  const key = `${locale} ${zone} ${Object.entries(options).join()}`;
  let found = formatters.get(key);
  if (!found) {
    found = new Intl.DateTimeFormat(DATE_LOCALES[locale] ?? locale, { ...options, timeZone: zone });
    formatters.set(key, found);
  }
  return found;
}

/** A whole number with the separators of the language. */
export function formatNumber(locale: string, value: number): string {
  return numberFormat(locale).format(value);
}

function numberFormat(locale: string): Intl.NumberFormat {
  let found = numbers.get(locale);
  if (!found) {
    found = new Intl.NumberFormat(locale);
    numbers.set(locale, found);
  }
  return found;
}

/** The digits of a language, by CLDR: `latn`, `arab`. Scripts are told, since a browser may know another edition of it. */
export function numberingSystem(locale: string): string {
  return numberFormat(locale).resolvedOptions().numberingSystem;
}

/** How long something took, as people say it: 3 ms, 1.5 sec. */
export function formatDuration(locale: string, ms: number): string {
  const short = Math.abs(ms) < 1000;
  const key = `${locale} ${short ? 'ms' : 's'}`;
  let found = durations.get(key);
  if (!found) {
    found = new Intl.NumberFormat(locale, {
      ...{ style: 'unit', unitDisplay: 'short', unit: short ? 'millisecond' : 'second' },
      maximumFractionDigits: short ? 0 : 1,
    });
    durations.set(key, found);
  }
  return found.format(short ? ms : ms / 1000);
}

/** Milliseconds for operators: a tenth where tenths matter, a minus sign that is as wide as a plus, and no minus nought. */
export function formatMilliseconds(value: number): string {
  const rounded = Math.abs(value) < 1_000 ? Math.round(value * 10) / 10 : Math.round(value);
  return formatNumber('en', rounded || 0).replace('-', '\u2212');
}

/** `a, b and c` in the language; `or` for a choice. */
export function formatList(
  locale: string,
  items: readonly string[],
  type: 'conjunction' | 'disjunction',
): string {
  const key = `${locale} ${type}`;
  let found = lists.get(key);
  if (!found) {
    found = new Intl.ListFormat(locale, { type });
    lists.set(key, found);
  }
  return found.format(items);
}

/** The name of a language in another: Russian, russe. */
export function languageName(locale: string, tag: string): string {
  try {
    return new Intl.DisplayNames(locale, { type: 'language' }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}

/** What a language calls itself, as a name of its own: Русский. English where CLDR has no such name. */
export function ownLanguageName(tag: string): string {
  const name = new Intl.DisplayNames([tag, 'en'], { type: 'language' }).of(tag) ?? tag;
  return capital(name, tag);
}

/** First letter large, for a date that begins a sentence. */
export function sentence(text: string): string {
  return capital(text);
}

/** First letter large. Of Georgian large letters are for whole words alone (Unicode 11, Mtavruli), and few fonts have them. */
function capital(text: string, tag?: string): string {
  const [first = ''] = text;
  if (/\p{Script=Georgian}/u.test(first)) return text;
  return first.toLocaleUpperCase(tag ?? 'en') + text.slice(first.length);
}

/** Everything a page says about a moment, in words of the language. */
export interface MomentWords {
  /** Monday 10 July 2017, by the campaign's calendar. */
  date: string;
  /** 11:00, by the campaign's clock; 11:00:25 where the moment is not on the minute. */
  time: string;
  /** Monday 11:00. */
  dayTime: string;
  /** Moscow Standard Time. */
  zone: string;
  /** 08:00, with the date in front where it is another day in UTC. */
  utc: string;
}

const words = createBoundedMemo<MomentWords>(500);

/** The campaign's own wall time is taken as it was given; nothing is recomputed from the zone. */
export function momentWords(locale: string, moment: MomentView): MomentWords {
  const key = [locale, moment.wall, moment.zone, moment.instant].join(' ');
  return words(key, () => spellMoment(locale, moment));
}

function spellMoment(locale: string, moment: MomentView): MomentWords {
  const wall = new Date(`${moment.wall}Z`);
  const instant = new Date(moment.instant);
  const whole = instant.getTime() % 60_000 === 0;
  const clock = formatter(locale, 'UTC', whole ? CLOCK : CLOCK_S);
  const time = clock.format(instant);
  const sameDay = moment.wall.slice(0, 10) === moment.instant.slice(0, 10);
  return {
    date: formatter(locale, 'UTC', DAY).format(wall),
    time: clock.format(wall),
    dayTime: formatter(locale, 'UTC', whole ? DAY_CLOCK : DAY_CLOCK_S).format(wall),
    zone: zoneName(locale, moment),
    utc: sameDay ? time : withComma(locale, formatter(locale, 'UTC', DAY).format(instant), time),
  };
}

/** Whether a zone is UTC by one of its names. */
export function isUtc(zone: string): boolean {
  return /^(Etc\/)?(UTC|GMT|UCT|Zulu|Universal|Greenwich)$/.test(zone);
}

/** What people call a zone all year round; UTC has no such name, but one of its own. */
function zoneName(locale: string, moment: MomentView): string {
  try {
    const zone = isUtc(moment.zone) ? 'UTC' : moment.zone;
    const parts = formatter(locale, zone, ZONE_NAMES[zone === 'UTC' ? 'utc' : 'any']).formatToParts(
      new Date(moment.instant),
    );
    return parts.find((part) => part.type === 'timeZoneName')?.value ?? moment.zone;
  } catch {
    return moment.zone;
  }
}

/** A date, and the time of day or zone that follows it, with the comma of the language's script between them. */
export function withComma(locale: string, date: string, next: string): string {
  const comma = new Intl.Locale(locale).maximize().script === 'Arab' ? '،' : ',';
  return `${date}${comma} ${next}`;
}

/** A moment for operators: in its own zone, and in UTC where that is another. `UTC, 08:00 UTC` would say it twice. */
export function zoneAndUtc({ zone }: Pick<MomentView, 'zone'>, { utc }: MomentWords): string {
  return isUtc(zone) ? 'UTC' : `${zone}, ${utc} UTC`;
}

/** An instant as day and clock of a zone: Monday 10 July 2017, 10:58. */
export function dayAndClock(locale: string, instant: string, zone: string): string {
  const { wall, known } = wallOf(instant, zone);
  const [day, clock] = [DAY, CLOCK].map((shape) => formatter(locale, 'UTC', shape).format(wall));
  const words = withComma(locale, day ?? '', clock ?? '');
  return known ? words : `${words} UTC`;
}

/** An instant as the day of a zone: Monday 10 July 2017. */
export function dayOf(locale: string, instant: string, zone: string): string {
  return formatter(locale, 'UTC', DAY).format(wallOf(instant, zone).wall);
}

/** An instant as the clock of a zone to the millisecond: 11:00:00.412. */
export function clockToMillisecond(locale: string, instant: string, zone: string): string {
  return formatter(locale, 'UTC', CLOCK_MS).format(wallOf(instant, zone).wall);
}

/** The same to the second: 11:00:00. */
export function clockToSecond(locale: string, instant: string, zone: string): string {
  return formatter(locale, 'UTC', CLOCK_S).format(wallOf(instant, zone).wall);
}

/** The same to the tenth of a second: 11:00:00.4. */
export function clockToTenth(locale: string, instant: string, zone: string): string {
  return formatter(locale, 'UTC', CLOCK_TENTH).format(wallOf(instant, zone).wall);
}

/** What a clock in the zone shows, as a time in UTC; UTC's own where no rules cover the zone. */
function wallOf(instant: string, zone: string): { wall: Date; known: boolean } {
  const at = Date.parse(instant);
  const wallMs = wallMsAt(at, zone, zoneRules());
  return { wall: new Date(wallMs ?? at), known: wallMs !== null };
}
