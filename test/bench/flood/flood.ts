import { writeFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { campaignCode } from '../../../src/http/campaign-code.ts';
import type { Findings } from '../fire.ts';
import { floodGoals } from '../goals.ts';
import type { House } from '../house.ts';
import { type BenchInstance, startBenchInstance } from '../instance.ts';
import { percentile, round } from '../measure.ts';
import type { BenchOptions } from '../options.ts';
import { figure, goalTable, table } from '../print.ts';
import { readUsage } from '../usage.ts';
import {
  FLOOD_NAMES,
  FLOODS,
  type Flood,
  type FloodPlan,
  type VisitPlan,
  type VisitResult,
} from './kinds.ts';

/** The contract of `bench flood --json`: how honest visitors fared; milliseconds and MiB. */
export interface FloodRow {
  flood: Flood;
  visits: number;
  joined: number;
  requests: number;
  p50_ms: number;
  p99_ms: number;
  /** Requests of theirs that were answered with 429 or 5xx, or not at all. */
  refused: number;
  peak_rss_mib: number;
  /** The instance lived to the end. */
  alive: boolean;
  /** What the flood did and what it was answered. */
  did: Record<string, number>;
}

/** Visitors begin to come so many a second. */
const VISITS_PER_SECOND = 10;
/** What has just started is slower than what has long been running. */
const WARM_UP_SECONDS = 4;
/** Until a flood has all that it holds. */
const RISE_MS = 6_000;

/** Honest visitors join while an instance is flooded, each kind of flood on an instance of its own. */
export async function benchFlood(
  house: House,
  options: BenchOptions,
  say: (line: string) => void,
): Promise<Findings> {
  await house.clear('instant');
  const rows: FloodRow[] = [];
  for (const flood of options.floods) {
    const { row, reasons } = await withstand(house, flood, options.seconds);
    rows.push(row);
    const { visits, joined, p99_ms, refused, did } = row;
    say(`${flood}: ${joined} of ${visits} joined, p99 ${figure(p99_ms)} ms, ${refused} refused`);
    say(`  ${JSON.stringify(did)}${reasons.length > 0 ? `; ${reasons.join('; ')}` : ''}`);
  }
  const goals = floodGoals(rows);
  const text = [table(HEAD, rows.map(cellsOf), 1), kindsTable(), noteOf(options), goalTable(goals)];
  return { json: { rows, goals }, text: text.join('\n\n') };
}

async function withstand(
  house: House,
  flood: Flood,
  seconds: number,
): Promise<{ row: FloodRow; reasons: string[] }> {
  // Addresses of visitors are said by a proxy on this machine.
  const instance = await startBenchInstance(house, 0, { environment: { TRUST_PROXY: 'loopback' } });
  const visit = visitsTo(house, instance);
  await visit({ seconds: WARM_UP_SECONDS, prefix: `${prefixOf(flood)}w` });
  const flooding = await startFlood(house, instance, flood);
  await sleep(RISE_MS);
  const { latencies, ...seen } = await visit({ seconds, prefix: prefixOf(flood) });
  await flooding.stop();
  const alive = !instance.process.ended;
  const usage = alive ? await readUsage(instance.process.pid) : null;
  const did = JSON.parse(flooding.stdout().trim().split('\n').at(-1) ?? '{}');
  await instance.dispose();
  const row = {
    ...{ flood, visits: seen.visits, joined: seen.joined, requests: latencies.length },
    ...{ p50_ms: round(percentile(latencies, 0.5)), p99_ms: round(percentile(latencies, 0.99)) },
    ...{ refused: seen.refused, peak_rss_mib: round(usage?.peakRssMib ?? Number.NaN), alive, did },
  };
  return { row, reasons: seen.reasons };
}

function prefixOf(flood: Flood): string {
  return `f${FLOOD_NAMES.indexOf(flood)}_`;
}

function visitsTo(house: House, { url, campaign }: BenchInstance) {
  return async (plan: Pick<VisitPlan, 'seconds' | 'prefix'>): Promise<VisitResult> => {
    const campaignUrl = `${url}/c/${campaign.slug}`;
    const file = await writePlan(house, { campaignUrl, perSecond: VISITS_PER_SECOND, ...plan });
    const child = await house.start({ args: ['test/bench/systems/visitors.ts', file] });
    const { code } = await child.exit;
    if (code !== 0) throw new Error(`The visitors ended with ${code}: ${child.output()}`);
    return JSON.parse(child.stdout());
  };
}

async function startFlood(house: House, { url, campaign }: BenchInstance, flood: Flood) {
  const plan: FloodPlan = {
    kinds: flood === 'all' ? FLOOD_NAMES : [flood],
    ...{ origin: url, page: `/c/${campaign.slug}` },
    words: `/join/${campaignCode(campaign.id)}/words`,
    from: flood === 'all' ? outerAddress() : null,
  };
  const child = await house.start({
    args: ['test/bench/systems/flood.ts', await writePlan(house, plan)],
  });
  await child.line(/The flood is ready/);
  return child;
}

/** An address of this machine that is not its loopback, as somebody's who does not come through a proxy. @throws where there is none. */
function outerAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  const outer = all.find(({ internal, family }) => !internal && family === 'IPv4');
  if (!outer)
    throw new Error(
      'This machine has no address but its loopback, which a flood of all kinds needs',
    );
  return outer.address;
}

async function writePlan(house: House, plan: FloodPlan | VisitPlan): Promise<string> {
  const file = join(await house.makeFolder(), 'plan.json');
  await writeFile(file, JSON.stringify(plan));
  return file;
}

const HEAD = [
  ...['flood', 'visitors', 'joined', 'their requests', 'p50', 'p99', 'refused', 'peak memory'],
];

function cellsOf(row: FloodRow): string[] {
  return [
    ...[row.flood, String(row.visits), String(row.joined), String(row.requests)],
    ...[row.p50_ms, row.p99_ms].map(figure),
    ...[String(row.refused), figure(row.peak_rss_mib)],
  ];
}

function kindsTable(): string {
  return table(
    ['flood', 'what it is'],
    FLOOD_NAMES.map((name) => [name, FLOODS[name]]),
    2,
  );
}

function noteOf({ seconds }: BenchOptions): string {
  return `Each flood is on an instance of its own, with its PostgreSQL, its Redis, the simulated network, the flood and the visitors on this machine. For
${seconds} s, ${VISITS_PER_SECOND} honest visitors a second, each of another network, go the whole way from the campaign's page to their receipt. Milliseconds from each of
their requests to the head of its answer; refused: answered with 429 or 5xx, or not at all; MiB (VmHWM) of the instance. A flood of one
kind comes from where a proxy is, whose connections are not told apart by network, so that it has all 5,000 that the instance holds at a time;
what a network may leave unfinished is told apart, by what the proxy says. All at once they come past the proxy, as a flood does that
the instance can tell from its proxy, and have the 500 connections of a network.`;
}
