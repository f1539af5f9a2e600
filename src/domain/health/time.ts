import { CLOCK_ALARM_MS } from '../network-time.ts';
import { compareVersions } from '../zone/zone-rules.ts';
import type { Finding } from './health.ts';

/** What was seen of clocks and of the rules of time zones, at `now` of the database's clock. */
export interface TimeEvidence {
  now: Date;
  processes: readonly {
    name: string;
    zoneRules: string;
    /** How far the networks' clocks are ahead of the database's, in milliseconds; null: none has answered. */
    networkOffsetMs: number | null;
    /** The same by servers that supporters name, which may lie. */
    namedOffsetMs: number | null;
    networkOff: boolean;
  }[];
  zones: {
    version: string;
    /** When that edition came out; null where that is not known. */
    published: Date | null;
    faults: readonly { what: string; mend: string }[];
  };
  /** Since when campaigns are held because their moment is in doubt. */
  momentsHeld: readonly Date[];
}

/** Governments change their rules some ten times a year, and sometimes weeks ahead. Days. */
const OLD_RULES = 200;
const DAY_MS = 86_400_000;
const RENEW =
  'Renew them: the system’s package tzdata, or the npm package moment-timezone; docs/operators.md says how.';

/** Everything that is not as it should be with clocks and zone rules. */
export function judgeTime(evidence: TimeEvidence): Finding[] {
  return [...judgeClock(evidence), ...judgeZones(evidence)];
}

function judgeClock({ now, processes }: TimeEvidence): Finding[] {
  const off = processes.filter(({ networkOff }) => networkOff);
  if (off.length > 0) {
    const ms = off[0]?.networkOffsetMs ?? 0;
    return [
      {
        check: 'clock',
        level: 'red',
        what: `our clock is ${seconds(ms)} ${ms < 0 ? 'ahead of' : 'behind'} the networks’ own`,
        since: now,
        mend: 'Set the clock of the database’s machine right (NTP); campaigns that would be early are held until the networks’ clocks show their moment.',
        about: off.map(({ name }) => name),
      },
    ];
  }
  const doubted = processes.filter(
    ({ networkOffsetMs, namedOffsetMs }) =>
      networkOffsetMs === null && Math.abs(namedOffsetMs ?? 0) >= CLOCK_ALARM_MS,
  );
  if (doubted.length === 0) return [];
  return [
    {
      check: 'clock',
      level: 'warning',
      what: `servers that supporters named have another time than we, by ${seconds(doubted[0]?.namedOffsetMs ?? 0)}`,
      since: now,
      mend: 'Compare the clock of the database’s machine with one that you trust (NTP); such servers may be wrong, and hold nothing.',
      about: doubted.map(({ name }) => name),
    },
  ];
}

function seconds(ms: number): string {
  return `${(Math.abs(ms) / 1_000).toFixed(1)} s`;
}

function judgeZones({ now, processes, zones, momentsHeld }: TimeEvidence): Finding[] {
  const warning = { check: 'zone-rules', level: 'warning', since: now } as const;
  const found: Finding[] = zones.faults.map(({ what, mend }) => ({
    ...warning,
    ...{ what: 'a source of time zone rules cannot be relied upon', mend, about: [what] },
  }));
  const newest = processes
    .map(({ zoneRules }) => zoneRules)
    .sort(compareVersions)
    .at(-1);
  const older = processes.filter(({ zoneRules }) => zoneRules !== newest);
  if (older.length > 0) {
    const what = `processes go by different rules of time zones; the newest are ${newest}`;
    found.push({ ...warning, what, mend: RENEW, about: older.map(({ name }) => name) });
  }
  const days = zones.published
    ? Math.floor((now.getTime() - zones.published.getTime()) / DAY_MS)
    : 0;
  if (days > OLD_RULES) {
    const what = `the rules of time zones are ${days} days old (${zones.version})`;
    found.push({ ...warning, what, mend: RENEW, about: [] });
  }
  const [since] = [...momentsHeld].sort((a, b) => a.getTime() - b.getTime());
  if (since) {
    found.push({
      check: 'zone-rules',
      level: 'red',
      what: 'the moment of a campaign is in doubt, so that it is held',
      since,
      mend: 'Keep the moment or move it, on the campaign’s page under /ops.',
      about: [],
    });
  }
  return found;
}
