import { join } from 'node:path';
import { LOCALES } from '../../src/web/index.ts';
import { repository } from '../support/child.ts';
import type { Findings } from './fire.ts';
import { pageGoals } from './goals.ts';
import type { House } from './house.ts';
import { startBenchInstance } from './instance.ts';
import { median, round } from './measure.ts';
import type { BenchOptions } from './options.ts';
import { figure, goalTable, table } from './print.ts';
import { askRaw, weigh } from './weight.ts';

/** One page as one kind of browser asks for it. */
interface Load {
  page: string;
  path: string;
  encoding: 'br' | 'gzip' | 'identity';
}

/** What one load came to. */
interface PageRun {
  requests_per_second: number;
  p50_ms: number;
  p99_ms: number;
  /** On the wire for one answer, its headers included. */
  bytes: number;
  /** Answers that were not the page. */
  failed: number;
}

/** The contract of `bench page --json`: medians over the runs; `pledges` is null for the bare server. */
export interface PageRow extends PageRun {
  system: 'tocsin' | 'bare';
  pledges: number | null;
  page: string;
  encoding: Load['encoding'];
}

/** How heavy the campaign's page is in one language: compressed bytes of all that a browser loads but pictures. */
export interface PageWeight {
  locale: string;
  bytes: number;
}

/** Whom a load is put on. */
interface Server {
  system: PageRow['system'];
  pledges: number | null;
  addressOf(load: Load): Promise<string>;
}

/** Every page on every server in turn, and the whole round again for every run, so that what disturbs one disturbs all. */
export async function benchPage(
  house: House,
  options: BenchOptions,
  say: (line: string) => void,
): Promise<Findings> {
  const full = await startBenchInstance(house, options.pledges);
  say(`${options.pledges} pledges are there`);
  const empty = await startBenchInstance(house, 0);
  const bare = await house.start({ args: ['test/bench/systems/bare-pages.ts'] });
  const bareUrl = (await bare.line(/ready at (http:\S+)/))[1] ?? '';
  const servers: Server[] = [
    {
      ...{ system: 'bare', pledges: null },
      // As long as the page is on the wire.
      addressOf: async ({ path, encoding }) =>
        `${bareUrl}/${(await askRaw(empty.url + path, { encoding })).body.length}`,
    },
    { ...{ system: 'tocsin', pledges: 0 }, addressOf: async ({ path }) => empty.url + path },
    {
      ...{ system: 'tocsin', pledges: options.pledges },
      addressOf: async ({ path }) => full.url + path,
    },
  ];
  const loads = await loadsFor(empty.url, empty.campaign.slug);
  const rows = await measure(house, options, servers, loads, say);
  const weights: PageWeight[] = [];
  for (const locale of LOCALES) {
    weights.push({ locale, bytes: await weigh(`${empty.url}/c/${empty.campaign.slug}`, locale) });
  }
  await bare.stop();
  await empty.dispose();
  await full.dispose();
  const goals = pageGoals(rows, weights);
  const text = [
    ...[pageTable(rows), noteOf(options), weightTable(weights), WEIGHT_NOTE, goalTable(goals)],
  ].join('\n\n');
  return { json: { rows, weights, goals }, text };
}

async function loadsFor(url: string, slug: string): Promise<Load[]> {
  const campaign = { page: 'campaign', path: `/c/${slug}` };
  const widget = `/c/${slug}/widget`;
  const hasWidget = (await askRaw(url + widget, { encoding: 'gzip' })).status === 200;
  return [
    { ...campaign, encoding: 'gzip' },
    { ...campaign, encoding: 'br' },
    { ...campaign, encoding: 'identity' },
    { page: 'home', path: '/', encoding: 'gzip' },
    ...(hasWidget ? [{ page: 'widget', path: widget, encoding: 'gzip' } as const] : []),
  ];
}

const WARM_UP_SECONDS = 2;

async function measure(
  house: House,
  { runs, seconds, connections }: BenchOptions,
  servers: readonly Server[],
  loads: readonly Load[],
  say: (line: string) => void,
): Promise<PageRow[]> {
  const all = loads.flatMap((load) =>
    servers.map((server) => ({ load, server, done: [] as PageRun[] })),
  );
  for (const { load, server } of all.slice(0, servers.length)) {
    await cannonade(house, await server.addressOf(load), load, connections, WARM_UP_SECONDS);
  }
  for (let run = 1; run <= runs; run++) {
    for (const { load, server, done } of all) {
      const address = await server.addressOf(load);
      const one = await cannonade(house, address, load, connections, seconds);
      done.push(one);
      const of = server.pledges === null ? 'bare' : `${server.pledges} pledges`;
      say(
        `run ${run}, ${load.page}, ${load.encoding}, ${of}: ${figure(one.requests_per_second)}/s`,
      );
    }
  }
  return all.map(({ load, server: { system, pledges }, done }) => {
    const middle = (pick: (one: PageRun) => number) => round(median(done.map(pick)));
    return {
      ...{ system, pledges, page: load.page, encoding: load.encoding },
      requests_per_second: middle((one) => one.requests_per_second),
      p50_ms: middle((one) => one.p50_ms),
      p99_ms: middle((one) => one.p99_ms),
      bytes: middle((one) => one.bytes),
      failed: done.reduce((sum, one) => sum + one.failed, 0),
    };
  });
}

/** What autocannon prints, as far as it is read here. */
interface Cannonade {
  duration: number;
  requests: { total: number };
  latency: { p50: number; p99: number };
  throughput: { total: number };
  errors: number;
  timeouts: number;
  non2xx: number;
}

/** Connections that are kept, and one request after the other on each. */
async function cannonade(
  house: House,
  url: string,
  { encoding }: Load,
  connections: number,
  seconds: number,
): Promise<PageRun> {
  const child = await house.start({
    args: [
      join(repository, 'node_modules/autocannon/autocannon.js'),
      ...['--json', '--no-progress', '-c', String(connections), '-d', String(seconds)],
      ...['-H', `accept-encoding=${encoding}`, '-H', 'accept-language=en', url],
    ],
  });
  await child.exit;
  const found = JSON.parse(child.stdout()) as Cannonade;
  return {
    requests_per_second: found.requests.total / found.duration,
    p50_ms: found.latency.p50,
    p99_ms: found.latency.p99,
    bytes: found.throughput.total / found.requests.total,
    failed: found.errors + found.timeouts + found.non2xx,
  };
}

function pageTable(rows: readonly PageRow[]): string {
  return table(
    ['page', 'accepted', 'server', 'pledges', 'requests/s', 'p50', 'p99', 'bytes', 'failed'],
    rows.map((row) => [
      ...[row.page, row.encoding, row.system, row.pledges === null ? '-' : String(row.pledges)],
      ...[row.requests_per_second, row.p50_ms, row.p99_ms, row.bytes].map(figure),
      String(row.failed),
    ]),
    3,
  );
}

function noteOf({ connections, seconds }: BenchOptions): string {
  return `autocannon, a process of its own, over ${connections} connections that are kept, ${seconds} s each, on the same machine as the server and
its PostgreSQL. Milliseconds; bytes on the wire of one answer with its headers; medians over the runs. The bare server is Fastify with one
route that answers a string as long as that page is on the wire: it does nothing else, and sets none of our headers.`;
}

function weightTable(weights: readonly PageWeight[]): string {
  return table(
    ['language', 'bytes'],
    weights.map(({ locale, bytes }) => [locale, String(bytes)]),
  );
}

const WEIGHT_NOTE =
  'The campaign’s page with its styles, scripts and fonts, as a browser that reads brotli loads them for the first time; bodies without headers, no pictures.';
