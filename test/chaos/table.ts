import { machine, markdown } from '../support/page.ts';
import type { ChaosResult } from './chaos.ts';
import {
  EVENTS,
  FAULT_NAMES,
  type FaultName,
  PLATFORM_FAULTS,
  type PlatformFault,
} from './options.ts';
import type { PlainResult } from './plain.ts';

export interface Report {
  command: string;
  /** ISO date. */
  date: string;
  workers: number;
  faults: ReadonlySet<FaultName>;
  platforms: readonly string[];
  embedded: boolean;
  /** By seed, and all of them as one. */
  runs: readonly ChaosResult[];
  tocsin: ChaosResult;
  plain: PlainResult | null;
}

/** The page of a run, as Markdown. */
export function tableOf(report: Report): string {
  const { tocsin } = report;
  const system = report.embedded
    ? 'a whole instance and its embedded database'
    : 'real worker processes';
  const processes = report.embedded ? 'one instance' : `${report.workers} worker processes`;
  return [
    '# Chaos',
    '',
    `This page is written by \`npm run chaos\`: ${system} against the platform simulator, while they are killed`,
    'and everything around them fails, by a seed. All is counted from the simulator’s own record. X and Facebook take a post',
    'twice if it is sent twice; Mastodon and Bluesky know it again by its key, as the real ones do.',
    '',
    `    ${report.command}`,
    '',
    `${report.date}, seed ${tocsin.seed}, Node ${process.version}, ${machine()}, ${processes}, ${tocsin.seconds} s;`,
    `as many people on each of: ${report.platforms.join(', ')}.`,
    '',
    resultTable(report),
    '',
    ...remarks(report),
    '',
    faultTable(report),
    '',
    ...leftOut(report),
    '',
    ...tocsin.problems.flatMap((problem) => [`- ${problem.trim().replaceAll('\n', ' ')}`]),
  ]
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trimEnd()
    .concat('\n');
}

function resultTable({ runs, tocsin, plain }: Report): string {
  const head = [
    'system',
    'posts',
    'kills',
    'lost',
    'doubled',
    'early',
    'marked failed though posted',
  ];
  const row = (name: string, one: ChaosResult): (string | number)[] => [
    name,
    ...[one.posts, one.kills, one.lost, one.doubled, one.early, one.false_failed],
  ];
  const seeded = runs.map((run) => row(`Tocsin, seed ${run.seed}`, run));
  const rows = runs.length > 1 ? [...seeded, row('in all', tocsin)] : [row('Tocsin', tocsin)];
  if (plain) {
    const { posts, kills, lost, doubled, false_failed } = plain;
    rows.push([
      'plain BullMQ 6.7.0, kills alone',
      ...[posts, kills, lost, doubled],
      '-',
      false_failed,
    ]);
  }
  return markdown(head, rows);
}

function remarks({ runs, tocsin }: Report): string[] {
  const { lateness_ms: late } = tocsin;
  const half = runs.length > 1 ? 'In the slowest run, half' : 'Half';
  return [
    `${tocsin.kills_in_doubt} of the kills hit a worker with posts under way, ${tocsin.deliveries_in_doubt} in all. In the records ${tocsin.unconfirmed} ended as`,
    `unconfirmed (the platform has ${tocsin.unconfirmed_posted} of them), ${tocsin.refused} as refused by the platform, ${tocsin.false_posted} as posted though they were not.`,
    `${half} of the posts arrived within ${late.p50} ms of their moment, 99 % within ${late.p99} ms, the last ${late.max} ms after it: a dead`,
    `worker’s posts wait for its lease to end. The slowest SIGTERM took ${tocsin.slowest_stop_ms} ms and left ${tocsin.left_by_sigterm} deliveries in doubt.`,
    ...withdrawals(tocsin),
  ];
}

function withdrawals({
  withdrawals_asked: asked,
  withdrawn,
  withdrawn_posted: broken,
}: ChaosResult) {
  if (asked === 0) return [];
  return [
    `Around the moments, ${asked} people asked for their pledges back; ${withdrawn} have them, and of those who were told so, ${broken} were posted`,
    'for all the same. The others were told that it was too late.',
  ];
}

const WORDS: Record<Exclude<FaultName, PlatformFault>, string> = {
  kill: 'SIGKILL of a worker at a random instant, half of them aimed at a burst',
  clock: 'one worker’s clock 5 s ahead, another’s 5 s behind, all the time',
  flush: 'Redis: FLUSHALL',
  database: 'PostgreSQL: immediate shutdown and start',
  'redis-off': 'Redis out of reach for 1 to 3 s, reset or silent',
  'database-off': 'PostgreSQL out of reach for 1 to 3 s, reset or silent',
  'redis-dead':
    'Redis out of reach from before the first lock until the end, reset or silent in turn',
  term: 'SIGTERM in a burst',
  pause: 'SIGSTOP past the lease, then SIGCONT',
};

/** Where these are something else for one instance on its embedded database. */
const EMBEDDED_WORDS = {
  kill: 'SIGKILL of the instance at a random instant, half of them aimed at a burst; its database ends with it',
  database: 'SIGKILL of PostgreSQL’s first process; the instance starts it again',
};

function faultTable({ tocsin, faults, embedded }: Report): string {
  const words = embedded ? { ...WORDS, ...EMBEDDED_WORDS } : WORDS;
  const times: Record<string, number | string> = { ...tocsin.events, kill: tocsin.kills };
  const ours = (['kill', 'clock', 'redis-dead', ...EVENTS] as const)
    .filter((name) => faults.has(name))
    .map((name) => [
      name,
      words[name],
      times[name] ?? (name === 'clock' || name === 'redis-dead' ? '' : 0),
    ]);
  const theirs = (Object.keys(PLATFORM_FAULTS) as PlatformFault[])
    .filter((name) => faults.has(name))
    .map((name) => {
      const shares = Object.entries(PLATFORM_FAULTS[name]);
      const words = shares.map(([fault, share]) => `${fault} ${round(share * 100)} %`).join(', ');
      return [name, `of all posts: ${words}`, ''];
    });
  return markdown(['fault', 'what happens', 'times'], [...ours, ...theirs]);
}

function leftOut({ faults, platforms }: Report): string[] {
  const names = FAULT_NAMES.filter((name) => !faults.has(name));
  return [
    ...(platforms.includes('mastodon') && faults.has('429')
      ? [
          'Mastodon gives no status429App: its gateways name no time, and the server would be left alone for five minutes.',
        ]
      : []),
    ...(names.length > 0 ? [`Not on in this run: ${names.join(', ')}.`] : []),
  ];
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
