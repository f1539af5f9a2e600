import { rawTimeZones } from '@vvo/tzdb';
import { findIana } from 'windows-iana';
import { lookalikeIn } from '../lookalike.ts';
import { nearest } from '../suggest.ts';
import { MAIN_ZONE_BY_COUNTRY } from '../zone-largest.ts';
import { ABBREVIATIONS } from './abbreviations.ts';
import { citiesByZone } from './cities.ts';
import { OTHER_NAMES } from './other-names.ts';
import { folded, namesBehind, placeInTime } from './time-words.ts';
import {
  RUNTIME_RULES,
  runtimeZoneNames,
  type ZoneRules,
  zoneOffset,
  zoneSpelling,
} from './zone-rules.ts';

const MINUTE_MS = 60_000;
/** Abbreviations (CET, EST5EDT) and offsets are no places, and each means several things. */
const ZONE_NAME = /^[A-Za-z][\w+-]*(?:\/[\w+-]+){1,2}$/;
/** IANA has these for old programs: offsets under a name, of which Etc/GMT+3 is three hours behind UTC. */
const OFFSET_NAME = /^(?:Etc\/GMT([+-])0*([1-9]\d?)|SystemV\/.*)$/i;
/** Of places that fit equally well. */
const MAX_SUGGESTIONS = 3;
/** Letters. In shorter names two other letters make another city. */
const SHORT = 8;
/** In names as short as these one other letter does: USA is not Ufa. */
const TINY = 4;
/** Letters by which a whole name may differ: America/Washington is not America/Asuncion. */
const WHOLE = 2;
/** What stands between several names: Europe/Berlin (CET), (UTC+01:00) Amsterdam, Berlin. */
const SEVERAL = /[(),;|]+/;

/** Whether a name can be that of a place, or is UTC under one of its IANA names. */
export function isPlace(name: string): boolean {
  return name === 'UTC' || (ZONE_NAME.test(name) && !OFFSET_NAME.test(name));
}

/** By what the time in a place is told. */
export interface AdviceClock {
  rules: ZoneRules;
  now: Date;
}

/** What is wrong with a name that is no zone, and which zones may be meant; with the time there, where there is a clock. */
export function zoneProblem(name: string, clock: AdviceClock | null): string {
  const shown = `"${name.slice(0, 60)}"`;
  const turned = OFFSET_NAME.exec(name);
  if (turned) return offsetProblem(shown, turned, clock);
  const offset = /^(?:UTC|GMT|\p{L}{1,4})?\s*[+\u2212\u2013-]\s*\d/iu.test(name.trim());
  if (offset && !ABBREVIATIONS[name.trim().toUpperCase()]) {
    return `${shown} is an offset from UTC, which changes with the seasons; name a place, such as Europe/Paris`;
  }
  const meant = zonesCalled(name);
  const problem = `${shown} ${whyNone(name)}`;
  if (meant.length === 0) {
    return `${problem}; name a large city there as IANA does, in Latin letters, such as Europe/Moscow`;
  }
  return `${problem}; did you mean ${meant.map((zone) => placeAndTime(zone, clock)).join(' or ')}?`;
}

/** IANA lists more than places: CET, EST5EDT, Zulu, Japan. */
function whyNone(given: string): string {
  const name = given.trim();
  const lookalike = /[a-z]/i.test(name) ? lookalikeIn(name) : null;
  if (lookalike) return `is not in Latin letters alone: ${lookalike.description}`;
  const isListed = zoneSpelling(RUNTIME_RULES, name) !== null;
  if (ABBREVIATIONS[name.toUpperCase()] && /^\p{L}{1,4}$/u.test(name) && !/^zulu$/i.test(name)) {
    return 'is an abbreviation, and no city';
  }
  if (!isListed) return 'is not an IANA time zone name';
  if (!isPlace(name)) return 'is a name that IANA keeps for old programs, and no city';
  return given === name
    ? 'is a name that IANA has given up, and newer rules do not have'
    : 'has a blank before or behind the name';
}

function offsetProblem(shown: string, turned: RegExpExecArray, clock: AdviceClock | null): string {
  const [, sign, hours] = turned;
  if (hours === undefined) {
    return `${shown} is a name for old programs, and no place; name one, such as America/New_York`;
  }
  const behind = sign === '+' ? Number(hours) : -Number(hours);
  const side = behind > 0 ? 'behind' : 'ahead of';
  const time = clock
    ? `, where it is ${timeOfDay(clock.now.getTime() - behind * 60 * MINUTE_MS)} now`
    : '';
  return `${shown} is ${Math.abs(behind)} hours ${side} UTC${time}: its sign is turned around, and it knows no summer; name a place, such as Europe/Paris`;
}

function placeAndTime(zone: string, clock: AdviceClock | null): string {
  if (clock === null) return zone;
  const now = clock.now.getTime();
  const offset = zone === 'UTC' ? 0 : zoneOffset(clock.rules, zone, now);
  return offset === null ? zone : `${zone} (${timeOfDay(now + offset * MINUTE_MS)} there now)`;
}

function timeOfDay(wallMs: number): string {
  return new Date(wallMs).toISOString().slice(11, 16);
}

/** Zones by what people call them: an abbreviation, a name of Windows, a city, a country; else what is spelled about like it. */
function zonesCalled(name: string): readonly string[] {
  const short = ABBREVIATIONS[name.trim().toUpperCase()];
  if (short) return short;
  const windows: readonly string[] = findIana(name.trim());
  if (windows.length > 0) return windows.slice(0, 1);
  const called = folded(name.slice(name.lastIndexOf('/') + 1));
  const index = namesOfPlaces();
  const exact = index.get(called);
  if (exact) return exact.slice(0, MAX_SUGGESTIONS);
  const several = namedAmong(name, index);
  if (several.length > 0) return several;
  const legacy = placeOfOldName(name);
  if (legacy) return [legacy];
  // A runtime may list a zone under an older name alone: Europe/Kiev.
  const newest = rawTimeZones.map((zone) => zone.name);
  for (const listed of name.includes('/') ? [newest, runtimeZoneNames()] : []) {
    const whole = nearest(name, listed, 2, WHOLE);
    if (whole.length > 0) return whole;
  }
  const place = placeInTime(name);
  if (place !== null) return zonesOfTime(place, index);
  if (called.length <= TINY) return [];
  const most = called.length < SHORT ? 1 : 2;
  const near = nearest(called, [...index.keys()], 2, most);
  return [...new Set(near.flatMap((key) => index.get(key)?.slice(0, 1) ?? []))];
}

/** Where several names are given: the zones of those that are known as they stand, the first three. */
function namedAmong(name: string, index: ReadonlyMap<string, readonly string[]>): string[] {
  const halves = name.split('/');
  // A slash is within most names of IANA's, too.
  const isSlashed = halves.every((half) => ABBREVIATIONS[half.trim().toUpperCase()]);
  const parts = (isSlashed ? halves : name.split(SEVERAL)).map((part) => part.trim());
  if (parts.length < 2) return [];
  const found = parts.flatMap(
    (part) => ABBREVIATIONS[part.toUpperCase()] ?? index.get(folded(part))?.slice(0, 1) ?? [],
  );
  return [...new Set(found)].slice(0, MAX_SUGGESTIONS);
}

/** The zones whose time is called after a place, or by a word that is made of its name. */
function zonesOfTime(
  place: string,
  index: ReadonlyMap<string, readonly string[]>,
): readonly string[] {
  const zones = zonesCalled(place);
  if (zones.length > 0) return zones;
  const behind = namesBehind(place, index.keys());
  return [...new Set(behind.flatMap((name) => index.get(name) ?? []))].slice(0, MAX_SUGGESTIONS);
}

/** GB is Europe/London, W-SU is Europe/Moscow: names of IANA's without a city. Null for any other. */
function placeOfOldName(name: string): string | null {
  if (zoneSpelling(RUNTIME_RULES, name) === null) return null;
  const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions();
  return isPlace(timeZone) && timeZone.toLowerCase() !== name.toLowerCase() ? timeZone : null;
}

const ABBREVIATED = rankOf(Object.values(ABBREVIATIONS).flat());
const BY_SIZE = rankOf([
  ...Object.values(MAIN_ZONE_BY_COUNTRY),
  ...Object.values(ABBREVIATIONS).flat(),
]);

function rankOf(zones: readonly string[]): ReadonlyMap<string, number> {
  return new Map([...new Set(zones)].map((zone, index) => [zone, index] as const));
}

/** Those that have an abbreviation of their own come first: Moscow before Kaliningrad. Of a country, that of its largest city. */
function byRank(zones: readonly string[], isCountry: boolean): readonly string[] {
  if (zones.length < 2) return zones;
  const ranks = isCountry ? BY_SIZE : ABBREVIATED;
  const rank = (zone: string) => ranks.get(zone) ?? ranks.size;
  return zones.toSorted((a, b) => rank(a) - rank(b));
}

/** Languages of the interface, and more of those in which people call a time by its country. */
const COUNTRY_LANGUAGES = (
  'en fr it ru es de ar uk zh zh-Hant ja ko fa tr pl pt be hi he ka hy az kk uz ky th km lo my vi id ms ta te bn ur ps ku ' +
  'sw am ti ha yo nl sv da nb fi cs sk sl hr sr bg mk ro hu el lt lv et ca sq is'
).split(' ');

let places: ReadonlyMap<string, readonly string[]> | null = null;

/**
 * Zones by their city, in the languages of the interface, too, then by the largest cities in them, by their country, in these and some
 * more languages, and by what their time is called.
 */
function namesOfPlaces(): ReadonlyMap<string, readonly string[]> {
  if (places) return places;
  const found = new Map<string, string[]>();
  const countries = new Set<string>();
  const add = (name: string, zone: string) => {
    const zones = found.get(folded(name)) ?? [];
    if (!zones.includes(zone)) found.set(folded(name), [...zones, zone]);
  };
  for (const zone of runtimeZoneNames()) add(zone.slice(zone.lastIndexOf('/') + 1), zone);
  for (const { name, mainCities } of rawTimeZones) for (const city of mainCities) add(city, name);
  for (const [zone, names] of Object.entries(OTHER_NAMES))
    for (const city of names) add(city, zone);
  for (const { name } of rawTimeZones)
    for (const city of citiesByZone().get(name) ?? []) add(city, name);
  const addCountry = (country: string, zones: readonly string[]) => {
    for (const zone of zones) add(country, zone);
    countries.add(folded(country));
  };
  const zonesOf = new Map<string, string[]>();
  for (const { name, countryName, countryCode } of rawTimeZones) {
    addCountry(countryName, [name]);
    zonesOf.set(countryCode, [...(zonesOf.get(countryCode) ?? []), name]);
  }
  for (const language of COUNTRY_LANGUAGES) {
    const regions = new Intl.DisplayNames(language, { type: 'region', fallback: 'none' });
    for (const [code, zones] of zonesOf) addCountry(regions.of(code) ?? '', zones);
  }
  for (const { name, alternativeName } of rawTimeZones) add(alternativeName, name);
  const ranked = [...found].map(
    ([name, zones]) => [name, withoutOlder(byRank(zones, countries.has(name)))] as const,
  );
  places = new Map(ranked);
  return places;
}

const NEWEST: ReadonlySet<string> = new Set(rawTimeZones.map(({ name }) => name));

/** Without the older name of a zone that is there under its newer one, too: Europe/Kiev beside Europe/Kyiv. */
function withoutOlder(zones: readonly string[]): readonly string[] {
  if (zones.length < 2) return zones;
  const isSame = (a: string, b: string) => zoneId(a) === zoneId(b);
  return zones.filter(
    (zone) => NEWEST.has(zone) || !zones.some((one) => NEWEST.has(one) && isSame(one, zone)),
  );
}

/** How this runtime calls a zone, whichever of its names is given. */
function zoneId(zone: string): string {
  return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone;
}
