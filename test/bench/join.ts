import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { chooseWords } from '../../src/actions/join/choose-words.ts';
import { startJoin } from '../../src/actions/join/start-join.ts';
import { composeMessage, messageWords } from '../../src/actions/message/compose-message.ts';
import { inParallel } from '../../src/async/in-parallel.ts';
import { newSecret } from '../../src/secret-token.ts';
import { decideConsent } from '../../src/simulator/client.ts';
import type { Findings } from './fire.ts';
import { joinGoals } from './goals.ts';
import type { House } from './house.ts';
import { type BenchInstance, startBenchInstance } from './instance.ts';
import { median, most, percentile, round } from './measure.ts';
import type { BenchOptions } from './options.ts';
import { figure, goalTable, table } from './print.ts';
import type { CallbackPlan, CallbackResult } from './systems/callbacks.ts';
import { readUsage } from './usage.ts';

/** What one run came to; milliseconds and microseconds. */
export interface JoinRun {
  joins_per_second: number;
  p50_ms: number;
  p99_ms: number;
  cpu_us_per_join: number;
  /** Came back and have no pledge. */
  lost: number;
  /** Codes that were not exchanged exactly once. */
  misused: number;
}

/** The contract of `bench join --json`: medians over the runs; lost and misused the most of any. */
export interface JoinRow extends JoinRun {
  pledges: number;
  joins: number;
}

/** People come back from the platform to an empty database and to a full one, in turn, beside bare inserts. */
export async function benchJoin(
  house: House,
  options: BenchOptions,
  say: (line: string) => void,
): Promise<Findings> {
  await house.clear('instant');
  const full = await startBenchInstance(house, options.pledges);
  say(`${options.pledges} pledges are there`);
  const empty = await startBenchInstance(house, 0);
  const bare: number[] = [];
  const runs: JoinRun[][] = [[], []];
  for (const instance of [empty, full]) await comeBack(house, instance, warmUp(options));
  for (let run = 1; run <= options.runs; run++) {
    bare.push(await insertBare(house, options));
    for (const instance of inTurn(run, [empty, full])) {
      const done = await comeBack(house, instance, options);
      runs[instance === empty ? 0 : 1]?.push(done);
      const pledges = instance === empty ? 0 : options.pledges;
      say(`run ${run}, ${pledges} pledges: ${figure(done.joins_per_second)}/s`);
    }
  }
  const rows = runs.map((done, i) => rowOf(i === 0 ? 0 : options.pledges, options.joins, done));
  const inserts = round(median(bare));
  await empty.dispose();
  await full.dispose();
  const goals = joinGoals(rows, inserts);
  const text = [joinTable(rows), noteOf(options, inserts), goalTable(goals)].join('\n\n');
  return { json: { rows, bare_inserts_per_second: inserts, goals }, text };
}

/** Whoever comes second has what the first has left to be written to the disk, so each comes first every other time. */
export function inTurn<T>(run: number, all: readonly T[]): readonly T[] {
  return run % 2 === 1 ? all : all.toReversed();
}

/** What has just started is slower than what has long been running. */
export function warmUp(options: BenchOptions): BenchOptions {
  return { ...options, joins: Math.min(options.joins, 1_000) };
}

/** The pool of one process of ours has as many. */
const BARE_CONNECTIONS = 12;

async function insertBare(house: House, { joins }: BenchOptions): Promise<number> {
  const database = await house.makeDatabase();
  const child = await house.start({
    args: [
      ...['test/bench/systems/bare-inserts.ts', database.url],
      ...[String(joins), String(BARE_CONNECTIONS)],
    ],
  });
  await child.exit;
  await database.drop();
  return joins / (JSON.parse(child.stdout()) as { seconds: number }).seconds;
}

/** People come back from the platform to one instance. */
export async function comeBack(
  house: House,
  instance: BenchInstance,
  { joins, connections }: BenchOptions,
): Promise<JoinRun> {
  // No reset: the simulator would give the same ids again, and nobody would be new.
  // They come back much later than a person would: all of them authorize before the first is timed.
  await house.control.behaviour({ codeLifeSeconds: 3_600 });
  const people = await house.control.createAccounts({ count: joins, prefix: nextCrowd() });
  const ways = await authorize(instance, people);
  await house.control.clearRecord();
  const plan: CallbackPlan = { origin: instance.url, connections, ways };
  const file = join(await house.makeFolder(), 'callbacks.json');
  await writeFile(file, JSON.stringify(plan), { mode: 0o600 });
  const before = await countPledges(instance);
  const used = await readUsage(instance.process.pid);
  const child = await house.start({ args: ['test/bench/systems/callbacks.ts', file] });
  await child.exit;
  const { cpuUs } = await readUsage(instance.process.pid);
  const { seconds, latencies, pledged } = JSON.parse(child.stdout()) as CallbackResult;
  const made = (await countPledges(instance)) - before;
  return {
    joins_per_second: joins / seconds,
    p50_ms: percentile(latencies, 0.5),
    p99_ms: percentile(latencies, 0.99),
    cpu_us_per_join: (cpuUs - used.cpuUs) / joins,
    lost: joins - Math.min(made, pledged),
    misused: await countMisused(house, joins),
  };
}

let crowds = 0;

function nextCrowd(): string {
  crowds += 1;
  return `crowd${crowds}_`;
}

const WIDTH = 16;

/** Words chosen, the platform's page asked for and answered: all that comes before the way back. Untimed. */
async function authorize(
  { ctx, campaign }: BenchInstance,
  people: readonly { handle: string }[],
): Promise<CallbackPlan['ways']> {
  const platform = ctx.platforms.get('x');
  if (!platform) throw new Error('There is no platform x');
  const shownHash = composeMessage(campaign.content, messageWords('en'), platform.textRule).hash;
  const ways: { path: string; cookie: string }[] = [];
  await inParallel(people, WIDTH, async ({ handle }) => {
    const intentToken = await chooseWords(ctx, {
      ...{ campaignId: campaign.id, intentToken: null, locale: 'en', textLocale: 'en' },
      typed: { variant: 0, own: null, typed: {} },
    });
    const browser = newSecret();
    const started = await startJoin(ctx, {
      ...{ intentToken, platform: 'x', locale: 'en', locator: '', shownHash, browser },
    });
    if (started.kind !== 'authorize') throw new Error(`Joining came to ${started.kind}`);
    const back = new URL(await decideConsent(started.url, handle));
    ways.push({ path: back.pathname + back.search, cookie: `tocsin_browser=${browser}` });
  });
  return ways;
}

async function countPledges({ ctx, campaign }: BenchInstance): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from pledge p join credential c on c.pledge_id = p.id and c.state = 'live'
    where p.campaign_id = ${campaign.id} and p.state = 'active'`.execute(ctx.db);
  return rows[0]?.count ?? 0;
}

/** By the simulator's own record: whoever's code was not exchanged, or more than once. */
async function countMisused({ control }: House, joins: number): Promise<number> {
  const exchanges = new Map<string, number>();
  for (const { account } of await control.record(0, 'token')) {
    exchanges.set(account ?? '', (exchanges.get(account ?? '') ?? 0) + 1);
  }
  const once = [...exchanges.values()].filter((count) => count === 1).length;
  return joins - once;
}

function rowOf(pledges: number, joins: number, runs: readonly JoinRun[]): JoinRow {
  const middle = (pick: (run: JoinRun) => number) => round(median(runs.map(pick)));
  return {
    pledges,
    joins,
    joins_per_second: middle((run) => run.joins_per_second),
    p50_ms: middle((run) => run.p50_ms),
    p99_ms: middle((run) => run.p99_ms),
    cpu_us_per_join: middle((run) => run.cpu_us_per_join),
    lost: most(runs.map((run) => run.lost)),
    misused: most(runs.map((run) => run.misused)),
  };
}

function joinTable(rows: readonly JoinRow[]): string {
  return table(
    ['pledges before', 'joins', 'joins/s', 'p50', 'p99', 'CPU/join', 'lost', 'misused codes'],
    rows.map((row) => [
      ...[row.pledges, row.joins].map(String),
      ...[row.joins_per_second, row.p50_ms, row.p99_ms, row.cpu_us_per_join].map(figure),
      ...[row.lost, row.misused].map(String),
    ]),
    0,
  );
}

function noteOf({ connections }: BenchOptions, inserts: number): string {
  return `From the request to \`/callback/x\` until its answer, which leads to the receipt: by then the pledge and its credential are on
the disk. ${connections} people at a time, each with an authorization of their own; the instance, PostgreSQL, the simulator, which takes the
code and says whose account it is, and those who come back share the machine. Milliseconds, microseconds of CPU of the instance's process;
medians over the runs. Lost: came back and have no pledge in the database; misused: codes that the simulator did not see exchanged exactly
once; both the most of any run. Beside it, one bare row as large over ${BARE_CONNECTIONS} connections, one commit each: ${figure(inserts)} a second.`;
}
