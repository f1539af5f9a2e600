import { parseArgs } from 'node:util';
import type { ErrorRates } from '../../src/simulator/behaviour.ts';
import { PLATFORM_NAMES, type PlatformName } from '../../src/simulator/client.ts';

/** What the platform does wrong under each name, as shares of all posts; `AfterAccept` and `201` have made the post. */
export const PLATFORM_FAULTS = {
  '429': { status429User: 0.004, status429App: 0.0003 },
  '5xx': {
    ...{ status500: 0.002, status502: 0.002, status503: 0.002 },
    ...{ status500AfterAccept: 0.002, status502AfterAccept: 0.002, status503AfterAccept: 0.002 },
  },
  hang: { hangBefore: 0.001, hangAfterAccept: 0.002 },
  truncate: { truncated201: 0.003, garbled201: 0.002 },
  html: { status200Html: 0.002, status200HtmlAfterAccept: 0.002 },
  reset: { resetBefore: 0.002, resetAfterAccept: 0.003 },
} as const satisfies Record<string, ErrorRates>;
export type PlatformFault = keyof typeof PLATFORM_FAULTS;

/**
 * What happens at an instant of chance, one after the other. `clock` and `redis-dead` hold all the time, `kill` has its own number.
 */
export const EVENTS = ['flush', 'database', 'redis-off', 'database-off', 'term', 'pause'] as const;
export type EventName = (typeof EVENTS)[number];

export type FaultName = 'kill' | 'clock' | 'redis-dead' | EventName | PlatformFault;
export const FAULT_NAMES: readonly FaultName[] = [
  ...(['kill', 'clock', ...EVENTS, 'redis-dead'] as const),
  ...(Object.keys(PLATFORM_FAULTS) as PlatformFault[]),
];
/** A Redis that is dead all the time can have no other fault. */
const VOID_WHEN_DEAD: readonly FaultName[] = ['flush', 'redis-off'];
/** One instance on its embedded database has no Redis, no wire to the database, and one clock with it. */
const VOID_WHEN_EMBEDDED: readonly FaultName[] = [
  ...(['clock', 'flush', 'redis-off', 'redis-dead', 'database-off'] as const),
];
/** All that a run can have at once. */
export const ALL_FAULTS = FAULT_NAMES.filter((name) => name !== 'redis-dead');

export interface ChaosOptions {
  posts: number;
  kills: number;
  seed: number;
  workers: number;
  /** One instance on its embedded database, in place of worker processes on servers. */
  embedded: boolean;
  faults: ReadonlySet<FaultName>;
  /** Where people post; as many on each. */
  platforms: readonly PlatformName[];
  /** How often each event happens; null: together once for so many kills, and each at least once. */
  times: number | null;
  /** So many of a hundred people ask for their pledges back around the moment. */
  withdraw: number;
  /** Posts of the comparison with plain BullMQ; 0 for none. Its kills are in the same proportion. */
  plainPosts: number;
}

export interface CommandOptions extends ChaosOptions {
  /** Runs with this seed and those that follow it, each on servers of its own. */
  seeds: number;
  json: boolean;
  /** Where the table goes; null: only to the terminal. */
  out: string | null;
}

export const HELP = `Usage: npm run chaos -- [options]

Real worker processes against the platform simulator, while faults happen by a seed. Counts from the simulator's own record.

  --posts N        posts in all (10000)
  --kills K        SIGKILLs of workers (100)
  --faults LIST    all, or some of ${FAULT_NAMES.join(' ')} (all);
                   all is without redis-dead, which makes ${VOID_WHEN_DEAD.join(' and ')} void: all,redis-dead is a run of its own
  --platforms LIST some of ${PLATFORM_NAMES.join(' ')}; as many people on each (x)
  --seed S         whole number that decides what happens to whom (1)
  --seeds N        so many runs, with that seed and the next ones; all figures are their sums, times the worst (1)
  --workers W      worker processes (4)
  --embedded       one whole instance on its embedded database, which ends with it, and is killed itself as often as the events say;
                   without ${VOID_WHEN_EMBEDDED.join(' ')}, and without the comparison
  --times T        how often each of ${EVENTS.join(' ')} happens (once in all for 20 kills, each at least once)
  --withdraw P     so many of 100 people ask for their pledges back around the moment (0)
  --plain-posts N  posts of the comparison with plain BullMQ; 0 for none (a tenth of the posts)
  --json           the last line is one JSON object
  --out FILE       write the table there, as Markdown

Exit: 0, 1 when anything was lost, doubled, early or recorded falsely, 2 for wrong usage.`;

/** @throws Error, one line, for wrong usage. */
export function readOptions(args: string[]): CommandOptions | 'help' {
  const { values } = parseArgs({
    args,
    options: {
      posts: { type: 'string', default: '10000' },
      kills: { type: 'string', default: '100' },
      faults: { type: 'string', default: 'all' },
      platforms: { type: 'string', default: 'x' },
      seed: { type: 'string', default: '1' },
      seeds: { type: 'string', default: '1' },
      workers: { type: 'string', default: '4' },
      embedded: { type: 'boolean', default: false },
      times: { type: 'string' },
      withdraw: { type: 'string', default: '0' },
      'plain-posts': { type: 'string' },
      json: { type: 'boolean', default: false },
      out: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  const posts = whole('posts', values.posts, 1);
  const { embedded } = values;
  const faults = readFaults(values.faults, embedded);
  const plain = embedded ? '0' : values['plain-posts'];
  return {
    posts,
    kills: faults.has('kill') ? whole('kills', values.kills, 0) : 0,
    seed: whole('seed', values.seed, 0),
    seeds: whole('seeds', values.seeds, 1),
    workers: embedded ? 1 : whole('workers', values.workers, 1),
    embedded,
    faults,
    platforms: readPlatforms(values.platforms),
    times: values.times === undefined ? null : whole('times', values.times, 0),
    withdraw: whole('withdraw', values.withdraw, 0),
    plainPosts: plain === undefined ? Math.ceil(posts / 10) : whole('plain-posts', plain, 0),
    json: values.json,
    out: values.out ?? null,
  };
}

function whole(name: string, text: string, least: number): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < least) {
    throw new Error(`--${name}: a whole number from ${least} on is expected, not "${text}"`);
  }
  return value;
}

function readFaults(text: string, embedded: boolean): ReadonlySet<FaultName> {
  const given = text.split(/[\s,]+/).filter((name) => name !== '' && name !== 'none');
  const names = given.flatMap((name): readonly string[] => (name === 'all' ? ALL_FAULTS : [name]));
  const wrong = names.find((name) => !(FAULT_NAMES as readonly string[]).includes(name));
  if (wrong !== undefined) {
    throw new Error(`--faults: "${wrong}" is none of ${FAULT_NAMES.join(' ')}`);
  }
  const faults = new Set(names as FaultName[]);
  if (faults.has('redis-dead')) for (const name of VOID_WHEN_DEAD) faults.delete(name);
  if (embedded) for (const name of VOID_WHEN_EMBEDDED) faults.delete(name);
  return faults;
}

function readPlatforms(text: string): PlatformName[] {
  const given = [...new Set(text.split(/[\s,]+/).filter((name) => name !== ''))];
  const known = PLATFORM_NAMES.filter((name) => given.includes(name));
  if (known.length > 0 && known.length === given.length) return known;
  throw new Error(`--platforms: one or more of ${PLATFORM_NAMES.join(' ')}, not "${text}"`);
}

/** The shares of all platform faults that are on, at one platform. */
export function errorRatesOf(faults: ReadonlySet<FaultName>, platform: PlatformName): ErrorRates {
  const names = Object.keys(PLATFORM_FAULTS) as PlatformFault[];
  const on = names.filter((name) => faults.has(name));
  const rates: ErrorRates = Object.assign({}, ...on.map((name) => PLATFORM_FAULTS[name]));
  // A gateway of Mastodon's names no time, and a whole server would stand still for five minutes each time.
  if (platform === 'mastodon') delete rates.status429App;
  return rates;
}
