import { parseArgs } from 'node:util';
import { FLOOD_NAMES, type Flood } from './flood/kinds.ts';

export const SYSTEMS = [
  'tocsin-redis',
  'tocsin-redis-dead',
  'tocsin-embedded',
  'bullmq',
  'pg-boss',
  'graphile-worker',
  'bare-client',
] as const;
export type System = (typeof SYSTEMS)[number];

export const ANSWERS = ['instant', '150ms'] as const;
export type Answers = (typeof ANSWERS)[number];

export const COMMANDS = [
  'fire',
  'scale',
  'page',
  'join',
  'limits',
  'seal',
  'redis',
  'flood',
  'rest',
  'embedded',
] as const;
export type Command = (typeof COMMANDS)[number];

export interface BenchOptions {
  command: Command;
  posts: number;
  runs: number;
  answers: readonly Answers[];
  systems: readonly System[];
  /** People who join; page, join and seal. */
  joins: number;
  /** Pledges that the full database holds before; page and join. */
  pledges: number;
  /** Browsers that ask at a time; page and join. */
  connections: number;
  /** Posts that the network takes in a window, and how long one is; limits only. */
  limit: number;
  window: number;
  /** How long each page is asked for, each flood lasts, and an instance is watched at rest. */
  seconds: number;
  floods: readonly Flood[];
  /** Of the simulator. */
  seed: number;
  json: boolean;
  /** The page that gets this command's section; null: none. */
  out: string | null;
}

export const HELP = `Usage: npm run bench -- fire|scale|page|join|limits|seal|redis|flood|rest|embedded [options]

  fire    how late, how dear: Tocsin beside what people would use instead, all against the platform simulator
  scale   one large campaign: lock, arm, burst, memory; with one worker process and with two
  page    public pages: how many a second, how heavy; with an empty database and with a full one
  join    people who come back from the platform: how many pledges a second, likewise
  limits  a campaign of more posts than the platform takes at once: how much of what it allows is used, and how often it has to refuse
  seal    what it costs to seal what people leave: CPU per join and per post, beside the same code that does not
  redis   bursts whose Redis dies, forgets or lies: what is lost, when its queues go on, how fast the burst is without it
  flood   an instance that is flooded: how long honest visitors wait meanwhile, who is refused, how much memory it takes
  rest    npm start with nothing set: how soon it is ready, and what memory, CPU and wake-ups it takes while there is nothing to do
  embedded  the same burst on the embedded database and on a PostgreSQL server, in pairs; memory of all processes in it

  --posts N         posts of each burst (fire, seal, redis, embedded: 10000, scale: 100000, limits: 6500)
  --runs R          measurements of each kind; every figure is the median (scale: 1, seal, embedded: 5, else 3; limits, flood: always 1)
  --joins N         people who join in each run (5000); join and seal only
  --pledges N       what the full database holds (1000000); page and join only
  --connections N   browsers that ask at a time (64); page and join only
  --limit N         posts that the network takes in one window (1000); limits only
  --window S        how long a window is, in seconds (300); limits only
  --seconds S       how long each page is asked for (5), each flood lasts (20), the instance is watched (300); page, flood and rest only
  --answers LIST    of: ${ANSWERS.join(',')}; fire only (both)
  --systems LIST    of: ${SYSTEMS.join(',')}; fire only (all)
  --floods LIST     of: ${FLOOD_NAMES.join(',')}; flood only (all)
  --seed S          whole number that decides all of the simulator's draws of chance (1)
  --out FILE        also write the table into FILE, in this command's section
  --json            the last line on stdout is one JSON object

It starts a PostgreSQL (commits on the disk), a Redis and a simulator of its own, and needs /proc for CPU and memory. Keep the
machine quiet meanwhile.`;

/** @throws Error in words when an option is wrong; null when help was asked for. */
export function readOptions(args: readonly string[]): BenchOptions | null {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      posts: { type: 'string' },
      runs: { type: 'string' },
      joins: { type: 'string', default: '5000' },
      pledges: { type: 'string', default: '1000000' },
      connections: { type: 'string', default: '64' },
      seconds: { type: 'string' },
      limit: { type: 'string', default: '1000' },
      window: { type: 'string', default: '300' },
      answers: { type: 'string', default: ANSWERS.join(',') },
      systems: { type: 'string', default: SYSTEMS.join(',') },
      floods: { type: 'string', default: FLOOD_NAMES.join(',') },
      seed: { type: 'string', default: '1' },
      out: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return null;
  const [named, ...rest] = positionals;
  const command = COMMANDS.find((one) => one === named);
  if (command === undefined || rest.length > 0) {
    throw new Error(`say what to measure: ${COMMANDS.join(', ')}`);
  }
  const runs = { scale: '1', seal: '5', embedded: '5' } as Partial<Record<Command, string>>;
  const seconds = { flood: '20', rest: '300' } as Partial<Record<Command, string>>;
  const posts = { scale: '100000', limits: '6500' } as Partial<Record<Command, string>>;
  return {
    command,
    posts: wholeNumber('--posts', values.posts ?? posts[command] ?? '10000', 1_000_000),
    runs: wholeNumber('--runs', values.runs ?? runs[command] ?? '3', 100),
    answers: listOf('--answers', values.answers, ANSWERS),
    systems: listOf('--systems', values.systems, SYSTEMS),
    joins: wholeNumber('--joins', values.joins, 100_000),
    pledges: wholeNumber('--pledges', values.pledges, 10_000_000),
    connections: wholeNumber('--connections', values.connections, 1_000),
    limit: wholeNumber('--limit', values.limit, 100_000),
    window: wholeNumber('--window', values.window, 3_600),
    seconds: wholeNumber('--seconds', values.seconds ?? seconds[command] ?? '5', 600),
    floods: listOf('--floods', values.floods, FLOOD_NAMES),
    seed: wholeNumber('--seed', values.seed, 2 ** 31),
    json: values.json,
    out: values.out ?? null,
  };
}

function wholeNumber(name: string, text: string, most: number): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= most) return number;
  throw new Error(`${name}: "${text}" must be a whole number from 1 to ${most}`);
}

function listOf<T extends string>(name: string, text: string, known: readonly T[]): T[] {
  const named = text.split(',').map((part) => part.trim());
  const wrong = named.find((part) => !(known as readonly string[]).includes(part));
  if (wrong === undefined) return known.filter((one) => named.includes(one));
  throw new Error(`${name}: "${wrong}" is none of ${known.join(', ')}`);
}
