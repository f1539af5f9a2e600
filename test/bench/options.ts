import { parseArgs } from 'node:util';

export const SYSTEMS = [
  'tocsin-redis',
  'tocsin-embedded',
  'bullmq',
  'pg-boss',
  'graphile-worker',
  'bare-client',
] as const;
export type System = (typeof SYSTEMS)[number];

export const ANSWERS = ['instant', '150ms'] as const;
export type Answers = (typeof ANSWERS)[number];

export interface BenchOptions {
  command: 'fire' | 'scale';
  posts: number;
  runs: number;
  answers: readonly Answers[];
  systems: readonly System[];
  json: boolean;
  /** The page that gets this command's section; null: none. */
  out: string | null;
}

export const HELP = `Usage: npm run bench -- fire|scale [options]

  fire    how late, how dear: Tocsin beside what people would use instead, all against the platform simulator
  scale   one large campaign: lock, arm, burst, memory; with one worker process and with two

  --posts N         posts of each burst (fire: 10000, scale: 100000)
  --runs R          bursts of each kind; every figure is the median (fire: 3, scale: 1)
  --answers LIST    of: ${ANSWERS.join(',')}; fire only (both)
  --systems LIST    of: ${SYSTEMS.join(',')}; fire only (all)
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
      answers: { type: 'string', default: ANSWERS.join(',') },
      systems: { type: 'string', default: SYSTEMS.join(',') },
      out: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return null;
  const [command, ...rest] = positionals;
  if ((command !== 'fire' && command !== 'scale') || rest.length > 0) {
    throw new Error('say what to measure: fire or scale');
  }
  const large = command === 'scale';
  return {
    command,
    posts: wholeNumber('--posts', values.posts ?? (large ? '100000' : '10000'), 1_000_000),
    runs: wholeNumber('--runs', values.runs ?? (large ? '1' : '3'), 100),
    answers: listOf('--answers', values.answers, ANSWERS),
    systems: listOf('--systems', values.systems, SYSTEMS),
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
