import { IANAZone } from 'luxon';

/** One edition of the rules of time zones, as one place has it. */
export interface ZoneSource {
  kind: 'runtime' | 'system' | 'package';
  /** As IANA names its releases: 2026f. Null: it does not say which it is. */
  version: string | null;
  /** When that edition came out, as far as is known. */
  published: Date | null;
  /** IANA's own spelling of a name, whatever its case; null for one that it does not have. */
  spelling(name: string): string | null;
  /** Minutes east of UTC at an instant (epoch milliseconds); null for a zone or a time that its rules do not cover. */
  offset(zone: string, atMs: number): number | null;
  /** Other names of the same zone, as far as it knows them. */
  aliases?(zone: string): readonly string[];
}

/** Something about the rules that an operator should mend. */
export interface ZoneFault {
  /** Which source, and what is wrong. */
  what: string;
  mend: string;
}

/** All sources together. For each zone and time the newest known edition that covers it decides. */
export interface ZoneRules {
  /** The newest first; those that do not say which they are come last. */
  sources: readonly ZoneSource[];
  /** The newest known edition, such as 2026f; `unknown` where no source says. */
  version: string;
  /** When it came out, as far as is known. */
  published: Date | null;
  faults(): readonly ZoneFault[];
}

/** The place and the edition of a source: `package 2026f`. */
export function sourceName({ kind, version }: ZoneSource): string {
  return `${kind} ${version ?? 'of unknown version'}`;
}

/** Puts sources together; their order matters only among those of one edition. */
export function createZoneRules(
  sources: readonly ZoneSource[],
  faults: () => readonly ZoneFault[] = () => [],
): ZoneRules {
  const ordered = [...sources].sort((a, b) => compareVersions(b.version, a.version));
  const [newest] = ordered;
  const version = newest?.version ?? 'unknown';
  return { sources: ordered, version, published: newest?.published ?? null, faults };
}

const VERSION = /^(\d{4})([a-z]{1,3})\b/;

/** The release that a text names at its beginning, such as 2026f of `2026f-3-g1234`; null where it names none. */
export function releaseIn(text: string): string | null {
  const [, year, letters] = VERSION.exec(text.trim()) ?? [];
  return year && letters ? year + letters : null;
}

/** Below 0: `a` is the older one. What is unknown is older than all that is known. */
export function compareVersions(a: string | null, b: string | null): number {
  const [first, second] = [rank(a), rank(b)];
  return first < second ? -1 : first > second ? 1 : 0;
}

/** `2026f` as text that sorts in the order of time: after z comes aa. */
function rank(version: string | null): string {
  const [, year, letters = ''] = VERSION.exec(version ?? '') ?? [];
  return year ? `${year}${letters.length}${letters}` : '';
}

/** The source that decides for a zone around an instant: the newest that has rules for that day and its neighbours. */
export function decidingSource(rules: ZoneRules, zone: string, atMs: number): ZoneSource | null {
  return rules.sources.find((source) => covers(source, zone, atMs)) ?? null;
}

/**
 * Every source whose word on this zone and time counts: the one that decides, first, then those of the same edition, and those
 * that do not say which they are.
 */
export function sourcesThatCount(rules: ZoneRules, zone: string, atMs: number): ZoneSource[] {
  const decides = decidingSource(rules, zone, atMs);
  if (!decides) return [];
  const others = rules.sources.filter(
    (one) =>
      one !== decides &&
      (one.version === null || compareVersions(one.version, decides.version) === 0) &&
      covers(one, zone, atMs),
  );
  return [decides, ...others];
}

const DAY_MS = 86_400_000;

function covers(source: ZoneSource, zone: string, atMs: number): boolean {
  return [atMs - DAY_MS, atMs + DAY_MS].every((ms) => source.offset(zone, ms) !== null);
}

/** Minutes east of UTC in a zone at an instant, by the source that decides; null where none has rules for it. */
export function zoneOffset(rules: ZoneRules, zone: string, atMs: number): number | null {
  return decidingSource(rules, zone, atMs)?.offset(zone, atMs) ?? null;
}

/** IANA's spelling of a name by the newest source that has it; null where none has. */
export function zoneSpelling(rules: ZoneRules, name: string): string | null {
  for (const source of rules.sources) {
    const spelling = source.spelling(name);
    if (spelling !== null) return spelling;
  }
  return null;
}

/**
 * Whether only JavaScript still has a name, and newer rules do not: US/Pacific-New. IANA has given it up, and a change of the rules for
 * its place never reaches it.
 */
export function isGivenUp({ sources }: ZoneRules, name: string): boolean {
  const [has, ...others] = sources.filter((source) => source.spelling(name) !== null);
  if (has?.kind !== 'runtime' || others.length > 0) return false;
  return compareVersions(sources[0]?.version ?? null, has.version) > 0;
}

/** The names of one zone, its own first: browsers report older names, such as Asia/Calcutta. */
export function zoneNames(rules: ZoneRules, zone: string): string[] {
  const others = rules.sources.flatMap((source) => source.aliases?.(zone) ?? []);
  return [...new Set([zone, ...others])];
}

/** What JavaScript itself knows: the rules that this Node.js was built with. */
export const RUNTIME_ZONES: ZoneSource = {
  kind: 'runtime',
  version: releaseIn(process.versions.tz ?? ''),
  published: null,
  spelling: (name) => {
    if (!IANAZone.isValidZone(name)) return null;
    const lower = name.toLowerCase();
    return runtimeZoneNames().find((zone) => zone.toLowerCase() === lower) ?? name;
  },
  offset: (zone, atMs) => {
    const offset = IANAZone.create(zone).offset(atMs);
    return Number.isFinite(offset) ? offset : null;
  },
};

/** The names that the runtime lists, for suggestions. */
export function runtimeZoneNames(): readonly string[] {
  runtimeNames ??= Intl.supportedValuesOf('timeZone');
  return runtimeNames;
}
let runtimeNames: readonly string[] | undefined;

/** The rules where no others are known: the runtime's. */
export const RUNTIME_RULES: ZoneRules = createZoneRules([RUNTIME_ZONES]);
