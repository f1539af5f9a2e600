import { type FieldProblem, InputError } from './errors.ts';
import { malformedWall } from './wall-time.ts';
import { isPlace, zoneProblem } from './zone/zone-advice.ts';
import {
  compareVersions,
  decidingSource,
  isGivenUp,
  RUNTIME_RULES,
  sourceName,
  sourcesThatCount,
  type ZoneRules,
  type ZoneSource,
  zoneOffset,
  zoneSpelling,
} from './zone/zone-rules.ts';

/** The one instant of a campaign. Wall time, zone and instant are all kept: rules of time zones change. */
export interface Moment {
  /** Wall time as the campaigner gave it: 2017-07-10T11:00:00, no offset. */
  wall: string;
  /** IANA zone: Europe/Moscow. */
  zone: string;
  /** The instant derived from both. */
  instant: Date;
  /** Which edition of the time zone rules derived it, e.g. 2026f; `unknown` where it does not say which it is. */
  tzdata: string;
}

/** A moment as people write it: a wall time and where that wall hangs. */
export interface MomentInput {
  /** `YYYY-MM-DDTHH:mm` or `YYYY-MM-DDTHH:mm:ss`; a blank may stand for the T. */
  at: string;
  /** IANA name: Europe/Paris, or UTC. */
  zone: string;
  /** Which of the two, where the wall time exists twice; without meaning anywhere else. */
  occurrence?: 'earlier' | 'later';
}

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const WALL = /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2}))?$/;

/** A zone as one source has it. */
interface Zone {
  name: string;
  source: ZoneSource;
}

/**
 * The instant meant by a wall time in a zone, by the newest edition of the rules that covers both. A wall time that does not
 * exist is refused and one that exists twice asked for, so every instant is held against the zone's offset at that very instant.
 * What is said of a zone that is none shows the time there at `now`.
 * @throws InputError on `moment.at`, `moment.zone` or `moment.occurrence`.
 */
export function resolveMoment(
  input: MomentInput,
  rules: ZoneRules = RUNTIME_RULES,
  now?: Date,
): Moment {
  const name = knownZone(input.zone, rules, now);
  const wallMs = parseWall(input.at);
  const problems: FieldProblem[] = [];
  if (typeof name !== 'string') problems.push({ field: 'moment.zone', message: name.problem });
  if (typeof wallMs === 'string') problems.push({ field: 'moment.at', message: wallMs });
  if (typeof name !== 'string' || typeof wallMs === 'string') throw new InputError(problems);
  const zone = { name, source: sourceFor(rules, name, wallMs) };
  return {
    wall: formatWall(wallMs),
    zone: name,
    instant: new Date(pickInstant(wallMs, zone, input.occurrence)),
    tzdata: zone.source.version ?? 'unknown',
  };
}

/** A moment from an instant, moved up to the whole second: for `--in 30s`. @throws InputError on `moment.zone`. */
export function momentAt(
  instant: Date,
  zone: string,
  rules: ZoneRules = RUNTIME_RULES,
  now?: Date,
): Moment {
  const name = knownZone(zone, rules, now);
  if (typeof name !== 'string') {
    throw new InputError([{ field: 'moment.zone', message: name.problem }]);
  }
  const ms = Math.ceil(instant.getTime() / 1000) * 1000;
  const source = sourceFor(rules, name, ms);
  return {
    wall: formatWall(ms + offsetMs({ name, source }, ms)),
    zone: name,
    instant: new Date(ms),
    tzdata: source.version ?? 'unknown',
  };
}

/** What one or more sources make of a moment's wall time. */
export interface MomentReading {
  /** Null: by these rules that wall time does not exist. */
  instant: Date | null;
  /** `package 2026f`; the one that decides comes first. */
  sources: readonly string[];
}

/** A moment held against the rules as they are now. */
export interface MomentCheck {
  /** The edition that decides now. */
  version: string;
  /** Every reading that counts, that of the source which decides first. Empty: this process cannot judge it. */
  readings: readonly MomentReading[];
  /** True when the instant is the one that every source which counts derives. */
  isSure: boolean;
}

/**
 * Derives the instant of a stored moment anew. Where its wall time exists twice, either is right, since the campaigner has said
 * which. Rules that are older than those which the moment was derived by say nothing.
 */
export function checkMoment(moment: Moment, rules: ZoneRules): MomentCheck {
  const wallMs = Date.parse(`${moment.wall}Z`);
  const counting = sourcesThatCount(rules, moment.zone, wallMs);
  const [decides] = counting;
  const isOlder = decides && compareVersions(decides.version, moment.tzdata) < 0;
  if (!decides || isOlder) return { version: moment.tzdata, readings: [], isSure: true };
  const stored = moment.instant.getTime();
  const readings = new Map<number | null, string[]>();
  for (const source of counting) {
    const instants = findInstants(wallMs, { name: moment.zone, source });
    const meant = instants.includes(stored) ? stored : (nearestTo(instants, stored) ?? null);
    readings.set(meant, [...(readings.get(meant) ?? []), sourceName(source)]);
  }
  return {
    version: decides.version ?? 'unknown',
    readings: [...readings].map(([ms, sources]) => ({
      instant: ms === null ? null : new Date(ms),
      sources,
    })),
    isSure: readings.size === 1 && readings.has(stored),
  };
}

function nearestTo(instants: readonly number[], ms: number): number | undefined {
  return instants.toSorted((a, b) => Math.abs(a - ms) - Math.abs(b - ms))[0];
}

/** The wall time of an instant in a zone as milliseconds since 1970 on that wall; null where no rules cover it. */
export function wallMsAt(instantMs: number, zone: string, rules: ZoneRules): number | null {
  const offset = zoneOffset(rules, zone, instantMs);
  return offset === null ? null : instantMs + offset * MINUTE_MS;
}

/** @throws InputError on `moment.at` when the moment is not after `now`. */
export function refusePast(moment: Moment, now: Date): void {
  if (moment.instant.getTime() > now.getTime()) return;
  const message = `is in the past: ${moment.wall} in ${moment.zone} was ${utc(moment.instant.getTime())}, and it is ${utc(now.getTime())} now. Give a later time`;
  throw new InputError([{ field: 'moment.at', message }]);
}

/** Zones change their rules; a moment further ahead is a slip. */
const MAX_YEARS_AHEAD = 10;

/** Calendars whose years are written in numbers of their own, and how far those are from ours, in years of ours. */
const CALENDARS: readonly (readonly [name: string, id: string])[] = [
  ['Buddhist', 'buddhist'],
  ['Solar Hijri (Persian)', 'persian'],
  ['Hijri', 'islamic-umalqura'],
  ['Hebrew', 'hebrew'],
  ['Ethiopian', 'ethiopic'],
  ['Indian national', 'indian'],
];

/**
 * Asked before whether a moment is past: a year that is far off is one of another calendar, or a slip.
 * @throws InputError on `moment.at`, which names the calendar in which that year is near.
 */
export function refuseFarYear(at: string, now: Date): void {
  const year = Number(WALL.exec(at)?.[1] ?? Number.NaN);
  const here = now.getUTCFullYear();
  const isFar = year > here + MAX_YEARS_AHEAD;
  if (!isFar && !(year < here - MAX_YEARS_AHEAD)) return;
  const meant = toCalendar(year, now);
  // A year of a calendar that runs behind ours is past; without another calendar it is said to be that.
  if (!isFar && meant === null) return;
  const mend = meant
    ? `${year} is a year of the ${meant} calendar; write the date of the Gregorian one, which has ${here} now`
    : `${year} is more than ${MAX_YEARS_AHEAD} years ahead; give a nearer year`;
  throw new InputError([{ field: 'moment.at', message: `"${at}" cannot be meant: ${mend}` }]);
}

/** The calendar in which a year is this one, or one of the next few. */
function toCalendar(year: number, now: Date): string | null {
  const found = CALENDARS.find(([, id]) => {
    const format = new Intl.DateTimeFormat(`en-u-ca-${id}-nu-latn`, {
      year: 'numeric',
      timeZone: 'UTC',
    });
    const parts = format.formatToParts(now);
    const there = Number(parts.find(({ type }) => type === 'year')?.value ?? Number.NaN);
    return year >= there && year <= there + MAX_YEARS_AHEAD;
  });
  return found?.[0] ?? null;
}

/** The zone's name in IANA's own spelling, or what is wrong with it. */
function knownZone(name: string, rules: ZoneRules, now?: Date): string | { problem: string } {
  if (isPlace(name)) {
    const spelling = name === 'UTC' ? name : zoneSpelling(rules, name);
    if (spelling !== null && !isGivenUp(rules, name)) return spelling;
  }
  const clock = now === undefined ? null : { rules, now };
  return { problem: zoneProblem(name, clock) };
}

/** @throws InputError on `moment.at` for a time that no rules of the zone reach. */
function sourceFor(rules: ZoneRules, name: string, atMs: number): ZoneSource {
  const source = decidingSource(rules, name, atMs);
  if (source) return source;
  const message = `${formatWall(atMs)} is further off than the rules of ${name} that are known here reach; give another date, or renew the rules`;
  throw new InputError([{ field: 'moment.at', message }]);
}

/** The wall time as milliseconds since 1970 on that wall, or what is wrong with it. */
function parseWall(at: string): number | string {
  const match = WALL.exec(at);
  if (!match) return `"${at.slice(0, 60)}" ${malformedWall(at.trim())}`;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1)
    .map((part) => Number(part ?? 0));
  const wallMs = Date.UTC(year, month - 1, day, hour, minute, second);
  const read = `${match[1]}-${match[2]}-${match[3]}T${match[4]}:${match[5]}:${match[6] ?? '00'}`;
  if (year < 1970) return `"${at}" is before 1970; give a later year`;
  if (formatWall(wallMs) !== read) {
    return `"${at}" is not on any calendar or clock; check the day of the month and the hour`;
  }
  return wallMs;
}

/** Milliseconds that a zone is ahead of UTC; NaN where its source has no rule for that time. */
function offsetMs({ name, source }: Zone, atMs: number): number {
  return (source.offset(name, atMs) ?? Number.NaN) * MINUTE_MS;
}

/** Every instant at which a clock on that wall shows that time: none in a gap, two in a fold, earliest first. */
function findInstants(wallMs: number, zone: Zone): number[] {
  const offsets = [wallMs - DAY_MS, wallMs, wallMs + DAY_MS].map((ms) => offsetMs(zone, ms));
  return [...new Set(offsets)]
    .map((offset) => wallMs - offset)
    .filter((ms) => ms + offsetMs(zone, ms) === wallMs)
    .sort((a, b) => a - b);
}

function pickInstant(wallMs: number, zone: Zone, occurrence: MomentInput['occurrence']): number {
  const [earlier, later] = findInstants(wallMs, zone);
  if (earlier === undefined) {
    throw new InputError([{ field: 'moment.at', message: describeGap(wallMs, zone) }]);
  }
  if (later === undefined || occurrence === 'earlier') return earlier;
  if (occurrence === 'later') return later;
  const message = `is needed: ${formatWall(wallMs)} exists twice in ${zone.name}, as ${utc(earlier)} and as ${utc(later)}. Write \`occurrence: earlier\` or \`occurrence: later\` beside \`at\`; on the command line it is --occurrence earlier or later`;
  throw new InputError([{ field: 'moment.occurrence', message }]);
}

/** Which hour is skipped, and what to write instead. */
function describeGap(wallMs: number, zone: Zone): string {
  let before = wallMs - DAY_MS;
  let after = wallMs + DAY_MS;
  const offset = offsetMs(zone, before);
  const next = offsetMs(zone, after);
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (offsetMs(zone, middle) === offset) before = middle;
    else after = middle;
  }
  const from = formatWall(after + offset);
  const to = formatWall(after + next);
  return `${formatWall(wallMs)} does not exist in ${zone.name}: the clocks go from ${from} straight to ${to}. Use a time before ${from}, or ${to} or later`;
}

function formatWall(wallMs: number): string {
  return new Date(wallMs).toISOString().slice(0, 19);
}

function utc(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}
