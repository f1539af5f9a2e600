import { setTimeout as sleep } from 'node:timers/promises';
import { knownServer } from '../simulator/client.ts';
import { exitCodeForSignal, onStopSignal, type StopSignal } from '../stop-signal.ts';
import { DEMO_HELP, type DemoOptions, readOptions } from './options.ts';
import { countReport, describeReport } from './report.ts';
import { callApi, type Network, openCampaign, type Stage, setStage } from './stage.ts';
import { type Joined, joinAs } from './supporter.ts';

/** People who join at the same time. */
const WIDTH = 16;
/** How long people have to join on a machine that starts everything in {@link USUAL_START_MS}; a slower one gets proportionally longer. */
const JOINING_MS = 45_000;
const USUAL_START_MS = 6_000;
/** A machine that needs more than this many times as long is told so by the count of people who could not join. */
const MAX_SLOWDOWN = 3;
/** How long after the moment the campaign may take to settle before the report is made all the same. */
const SETTLE_MS = 120_000;

type Say = (line: string) => void;

/** A person who is to join, and the network that their account is on. */
interface Person {
  network: Network;
  handle: string;
  place: number;
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options) await run(options);
  else console.log(DEMO_HELP);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}

async function run(options: DemoOptions): Promise<void> {
  const say: Say = options.json ? (line) => console.error(line) : (line) => console.log(line);
  const stopping = new AbortController();
  const interrupted = new Promise<StopSignal>((resolve) => {
    onStopSignal((signal) => {
      say('Stopping …');
      stopping.abort();
      resolve(signal);
    });
  });
  say(`Starting an instance and simulated networks: ${options.platforms.join(', ')} …`);
  const startedAt = performance.now();
  // Stopped while it starts, it has nothing left to be disposed of.
  const stage = await setStage(options, stopping.signal).catch((error: unknown) => {
    if (stopping.signal.aborted) return null;
    throw error;
  });
  if (!stage) {
    process.exitCode = exitCodeForSignal(await interrupted);
    return;
  }
  const inMs = options.inMs ?? joiningMs(performance.now() - startedAt);
  try {
    const signal = await Promise.race([play(options, stage, inMs, say), interrupted]);
    if (signal) process.exitCode = exitCodeForSignal(signal);
    if (signal || options.exit) return;
    say(`Still up for a look: ${stage.url}  Operators: ${stage.signInUrl}  (Ctrl-C ends it)`);
    await interrupted;
  } finally {
    await stage.dispose();
  }
}

function joiningMs(startMs: number): number {
  return JOINING_MS * Math.min(Math.max(startMs / USUAL_START_MS, 1), MAX_SLOWDOWN);
}

async function play(options: DemoOptions, stage: Stage, inMs: number, say: Say): Promise<void> {
  const people = await createPeople(stage.networks, options.supporters);
  const campaign = await openCampaign(stage, inMs);
  say(`Open: ${campaign.url}`);
  say(`Operators sign in once at ${stage.signInUrl}`);
  const joined = await joinAll(campaign.url, people, say);
  await waitUntilSettled(stage, campaign.slug, campaign.moment, say);
  const report = await countReport(stage.networks, joined, campaign.moment, campaign.url);
  say(describeReport(report));
  if (options.json) console.log(JSON.stringify(report));
  const wrong = report.lost + report.doubled + report.early;
  if (wrong > 0 || report.posted === 0) process.exitCode = 1;
}

/** `count` people, each with an account on one of the networks, in turn. */
async function createPeople(networks: readonly Network[], count: number): Promise<Person[]> {
  const people = await Promise.all(
    networks.map(async (network, index) => {
      const share = Math.floor((count + networks.length - 1 - index) / networks.length);
      if (share === 0) return [];
      const made = await network.control.createAccounts({ count: share });
      return made.map(({ handle }, nth) => ({
        network,
        handle,
        place: nth * networks.length + index,
      }));
    }),
  );
  return people.flat().sort((a, b) => a.place - b.place);
}

async function joinAll(url: string, people: readonly Person[], say: Say): Promise<Joined[]> {
  const joined: Joined[] = [];
  const turnedAway: string[] = [];
  const startedAt = performance.now();
  const queue = people.entries();
  const runner = async (): Promise<void> => {
    for (const [index, { network, handle }] of queue) {
      try {
        const where = knownServer(network.name, network.url, handle);
        joined.push(await joinAs(url, handle, index, { platform: network.name, where }));
      } catch (error) {
        turnedAway.push((error as Error).message);
      }
      const done = joined.length + turnedAway.length;
      if (done % 100 === 0) say(`${done} of ${people.length} have come`);
    }
  };
  await Promise.all(Array.from({ length: WIDTH }, runner));
  const seconds = (performance.now() - startedAt) / 1000;
  say(`${joined.length} supporters joined in ${seconds.toFixed(1)} s`);
  if (turnedAway.length > 0) {
    say(
      `${turnedAway.length} could not join; the first heard: ${turnedAway[0]} (try a longer --in)`,
    );
  }
  return joined;
}

/** What the API says of a campaign's delivery, as far as it is read here. */
interface Delivery {
  state: string;
  totals: Record<string, number>;
  result: { looking: number; still_to_come: number } | null;
}

async function waitUntilSettled(stage: Stage, slug: string, moment: Date, say: Say): Promise<void> {
  let last = '';
  while (Date.now() < moment.getTime() + SETTLE_MS) {
    const now = await callApi<Delivery>(stage, 'GET', `campaigns/${slug}/delivery`);
    const totals = Object.entries(now.totals).flatMap(([state, n]) =>
      n > 0 ? `${state} ${n}` : [],
    );
    const left = Math.ceil((moment.getTime() - Date.now()) / 1000);
    const line = `${left > 0 ? `${left} s to go` : now.state}: ${totals.join(', ') || 'joining'}`;
    if (line !== last) say(line);
    last = line;
    // What is still looked for, or waits, counts when it has ended.
    if (now.result && now.result.looking + now.result.still_to_come === 0) return;
    // Nothing is asked of the instance around the moment itself.
    await sleep(left === 1 ? 1_500 : 1_000);
  }
}
