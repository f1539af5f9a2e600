import { isMapping } from '../schema-problems.ts';
import { lastNotAfter, ZoneFileError } from './zone-file.ts';
import { releaseIn, type ZoneSource } from './zone-rules.ts';

/** A zone's changes, unpacked. */
interface PackedZone {
  /** Epoch milliseconds; ascending. */
  changes: readonly number[];
  /** Minutes east of UTC before the first change, and after each. */
  offsets: readonly number[];
}

/** Where the lists of a zone that goes on changing its clocks end, nothing is known of the time after. Milliseconds. */
const LAST_RULE_MS = 2 * 366 * 86_400_000;

/**
 * The rules in the data file of the npm package `moment-timezone`: lists of changes, packed as
 * momentjs.com/timezone/docs, "Packed Format", has it. `published`: when its edition came out.
 * @throws ZoneFileError for what is no such file.
 */
export function readZonePackage(
  json: string,
  published: (version: string) => Date | null,
): ZoneSource {
  const data = parse(json);
  const version = releaseIn(data.version);
  const packed = new Map(data.zones.map((line) => [nameOf(line), line]));
  const targets = new Map(data.links.map((line) => line.split('|').reverse() as [string, string]));
  const spellings = new Map(
    [...packed.keys(), ...targets.keys()].map((name) => [name.toLowerCase(), name]),
  );
  const lastMs = Math.max(
    ...['Europe/Paris', 'America/New_York'].map((name) => lastChange(packed.get(name))),
  );
  const unpacked = new Map<string, PackedZone | null>();
  const find = (name: string): PackedZone | null => {
    const target = targets.get(name) ?? name;
    const known = unpacked.get(target);
    if (known !== undefined) return known;
    const line = packed.get(target);
    const zone = line === undefined ? null : unpack(line);
    unpacked.set(target, zone);
    return zone;
  };
  return {
    kind: 'package',
    version,
    published: version === null ? null : published(version),
    spelling: (name) => spellings.get(name.toLowerCase()) ?? null,
    offset: (name, atMs) => {
      const zone = find(name);
      if (!zone) return null;
      const last = zone.changes.at(-1) ?? Number.NEGATIVE_INFINITY;
      // A zone whose list ends with the package's own has further changes that are not in it.
      if (atMs >= last && last > lastMs - LAST_RULE_MS) return null;
      return zone.offsets[lastNotAfter(zone.changes, atMs) + 1] ?? null;
    },
    aliases: (name) => {
      const target = targets.get(name) ?? name;
      const links = [...targets].filter(([, to]) => to === target).map(([alias]) => alias);
      return [target, ...links];
    },
  };
}

interface PackageFile {
  version: string;
  zones: readonly string[];
  links: readonly string[];
}

function parse(json: string): PackageFile {
  let data: unknown;
  try {
    data = JSON.parse(json);
  } catch {
    throw new ZoneFileError('it is no JSON');
  }
  const isTexts = (value: unknown): value is string[] =>
    Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string');
  if (
    !isMapping(data) ||
    typeof data.version !== 'string' ||
    !isTexts(data.zones) ||
    !isTexts(data.links)
  ) {
    throw new ZoneFileError('it has no version, zones and links');
  }
  return { version: data.version, zones: data.zones, links: data.links };
}

function nameOf(line: string): string {
  return line.slice(0, line.indexOf('|'));
}

function lastChange(line: string | undefined): number {
  return line === undefined
    ? Number.NEGATIVE_INFINITY
    : (unpack(line)?.changes.at(-1) ?? Number.NEGATIVE_INFINITY);
}

/** `Name|LMT CET|-9.l -10|0101|-2qhRM.l 11A0 1o00|11e6`; null for a line that is not made like that. */
function unpack(line: string): PackedZone | null {
  const [, , offsetList = '', indexList = '', changeList = ''] = line.split('|');
  // The package counts west of Greenwich.
  const known = offsetList.split(' ').map((text) => -readBase60(text));
  const offsets = [...indexList].map((digit) => known[readBase60(digit)] ?? Number.NaN);
  let at = 0;
  const changes =
    changeList === ''
      ? []
      : changeList.split(' ').map((text) => {
          at += Math.round(readBase60(text) * 60_000);
          return at;
        });
  const isWhole =
    offsets.length === changes.length + 1 && [...offsets, ...changes].every(Number.isFinite);
  return isWhole ? { changes, offsets: offsets.map((offset) => offset || 0) } : null;
}

const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWX';

/** A number to the base of 60, perhaps with a sign and places after a point. */
function readBase60(text: string): number {
  const [whole = '', fraction = ''] = text.replace(/^-/, '').split('.');
  let value = 0;
  for (const digit of whole) value = value * 60 + digitOf(digit);
  let unit = 1;
  for (const digit of fraction) {
    unit /= 60;
    value += digitOf(digit) * unit;
  }
  return text.startsWith('-') ? -value : value;
}

function digitOf(digit: string): number {
  const value = DIGITS.indexOf(digit);
  return value < 0 ? Number.NaN : value;
}
