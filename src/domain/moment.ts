import { DateTime, IANAZone } from 'luxon';
import { type FieldProblem, InputError } from './errors.ts';
import { nearest } from './suggest.ts';

/** The one instant of a campaign. Wall time, zone and instant are all kept: rules of time zones change. */
export interface Moment {
  /** Wall time as the campaigner gave it: 2017-07-10T11:00:00, no offset. */
  wall: string;
  /** IANA zone: Europe/Moscow. */
  zone: string;
  /** The instant derived from both. */
  instant: Date;
  /** Which time zone rules derived it: process.versions.tz, e.g. 2025c. */
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
const OFFSET = /(?:Z|[+-]\d{2}(?::?\d{2})?)(?:\[.*\])?$/i;
/** Abbreviations (CET, EST5EDT) and offsets are no places, and each means something else to somebody. */
const ZONE_NAME = /^[A-Za-z][\w+-]*(?:\/[\w+-]+){1,2}$/;

/**
 * The instant meant by a wall time in a zone. luxon silently moves a wall time that does not exist and picks one of
 * two that do, so every instant is derived here and held against the zone's offset at that very instant.
 * @throws InputError on `moment.at`, `moment.zone` or `moment.occurrence`.
 */
export function resolveMoment(input: MomentInput): Moment {
  const zone = knownZone(input.zone);
  const wallMs = parseWall(input.at);
  const problems: FieldProblem[] = [];
  if (typeof zone === 'string') problems.push({ field: 'moment.zone', message: zone });
  if (typeof wallMs === 'string') problems.push({ field: 'moment.at', message: wallMs });
  if (typeof zone === 'string' || typeof wallMs === 'string') throw new InputError(problems);
  return {
    wall: formatWall(wallMs),
    zone: zone.name,
    instant: new Date(pickInstant(wallMs, zone, input.occurrence)),
    tzdata: process.versions.tz ?? 'unknown',
  };
}

/** A moment from an instant, moved up to the whole second: for `--in 30s`. @throws InputError on `moment.zone`. */
export function momentAt(instant: Date, zone: string): Moment {
  const known = knownZone(zone);
  if (typeof known === 'string') throw new InputError([{ field: 'moment.zone', message: known }]);
  const ms = Math.ceil(instant.getTime() / 1000) * 1000;
  return {
    wall: DateTime.fromMillis(ms, { zone: known }).toFormat("yyyy-MM-dd'T'HH:mm:ss"),
    zone: known.name,
    instant: new Date(ms),
    tzdata: process.versions.tz ?? 'unknown',
  };
}

/** @throws InputError on `moment.at` when the moment is not after `now`. */
export function refusePast(moment: Moment, now: Date): void {
  if (moment.instant.getTime() > now.getTime()) return;
  const message = `is in the past: ${moment.wall} in ${moment.zone} was ${utc(moment.instant.getTime())}, and it is ${utc(now.getTime())} now. Give a later time`;
  throw new InputError([{ field: 'moment.at', message }]);
}

/** The zone, with its name in IANA's own spelling, or what is wrong with the name. */
function knownZone(name: string): IANAZone | string {
  if (name === 'UTC') return IANAZone.create('UTC');
  if (ZONE_NAME.test(name) && IANAZone.isValidZone(name)) {
    const lower = name.toLowerCase();
    const listed = Intl.supportedValuesOf('timeZone').find((zone) => zone.toLowerCase() === lower);
    return IANAZone.create(listed ?? name);
  }
  const near = nearZones(name);
  const hint = near.length > 0 ? `did you mean ${near.join(' or ')}?` : 'such as Europe/Paris';
  return `"${name.slice(0, 60)}" is not an IANA time zone name; ${hint}`;
}

/** Zones whose whole name, or whose city, is spelled about like this. */
function nearZones(name: string): string[] {
  const zones = Intl.supportedValuesOf('timeZone');
  const whole = nearest(name, zones, 2);
  if (whole.length > 0) return whole;
  const cities = new Map(zones.map((zone) => [zone.slice(zone.lastIndexOf('/') + 1), zone]));
  return nearest(name.slice(name.lastIndexOf('/') + 1).replaceAll(' ', '_'), [...cities.keys()], 2)
    .map((city) => cities.get(city))
    .filter((zone) => zone !== undefined);
}

/** The wall time as milliseconds since 1970 on that wall, or what is wrong with it. */
function parseWall(at: string): number | string {
  const match = WALL.exec(at);
  if (!match) {
    return OFFSET.test(at.slice(10))
      ? `"${at.slice(0, 60)}" carries an offset from UTC; leave it out, the zone says it: 2017-07-10T11:00`
      : `"${at.slice(0, 60)}" is not a date and time; write it as 2017-07-10T11:00`;
  }
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

/** Every instant at which a clock on that wall shows that time: none in a gap, two in a fold, earliest first. */
function instantsOf(wallMs: number, zone: IANAZone): number[] {
  const offsets = [wallMs - DAY_MS, wallMs, wallMs + DAY_MS].map((ms) => zone.offset(ms));
  return [...new Set(offsets)]
    .map((offset) => wallMs - offset * MINUTE_MS)
    .filter((ms) => ms + zone.offset(ms) * MINUTE_MS === wallMs)
    .sort((a, b) => a - b);
}

function pickInstant(
  wallMs: number,
  zone: IANAZone,
  occurrence: MomentInput['occurrence'],
): number {
  const [earlier, later] = instantsOf(wallMs, zone);
  if (earlier === undefined) {
    throw new InputError([{ field: 'moment.at', message: describeGap(wallMs, zone) }]);
  }
  if (later === undefined || occurrence === 'earlier') return earlier;
  if (occurrence === 'later') return later;
  const message = `is needed: ${formatWall(wallMs)} exists twice in ${zone.name}, as ${utc(earlier)} and as ${utc(later)}. Say \`earlier\` or \`later\``;
  throw new InputError([{ field: 'moment.occurrence', message }]);
}

/** Which hour is skipped, and what to write instead. */
function describeGap(wallMs: number, zone: IANAZone): string {
  let before = wallMs - DAY_MS;
  let after = wallMs + DAY_MS;
  const offset = zone.offset(before);
  const next = zone.offset(after);
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (zone.offset(middle) === offset) before = middle;
    else after = middle;
  }
  const from = formatWall(after + offset * MINUTE_MS);
  const to = formatWall(after + next * MINUTE_MS);
  return `${formatWall(wallMs)} does not exist in ${zone.name}: the clocks go from ${from} straight to ${to}. Use a time before ${from}, or ${to} or later`;
}

function formatWall(wallMs: number): string {
  return new Date(wallMs).toISOString().slice(0, 19);
}

function utc(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}
