import { setTimeout as sleep } from 'node:timers/promises';
import { type DemoOptions, HELP, readOptions } from './options.ts';
import { countReport, describeReport } from './report.ts';
import { callApi, openCampaign, type Stage, setStage } from './stage.ts';
import { type Joined, joinAs } from './supporter.ts';

/** People who join at the same time. */
const WIDTH = 16;
/** How long after the moment the campaign may take to settle before the report is made all the same. */
const SETTLE_MS = 120_000;

type Say = (line: string) => void;

try {
  const options = readOptions(process.argv.slice(2));
  if (options) await run(options);
  else console.log(HELP);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}

async function run(options: DemoOptions): Promise<void> {
  const say: Say = options.json ? (line) => console.error(line) : (line) => console.log(line);
  const interrupted = onInterrupt();
  say('Starting an instance and a simulated network …');
  const stage = await setStage(options);
  try {
    await Promise.race([play(options, stage, say), interrupted]);
    if (options.exit) return;
    say(`Still up for a look: ${stage.url}  Operators: ${stage.signInUrl}  (Ctrl-C ends it)`);
    await interrupted;
  } finally {
    await stage.dispose();
  }
}

async function play(options: DemoOptions, stage: Stage, say: Say): Promise<void> {
  const people = await stage.control.createAccounts({ count: options.supporters });
  const campaign = await openCampaign(stage, options.inMs);
  say(`Open: ${campaign.url}`);
  say(`Operators sign in once at ${stage.signInUrl}`);
  const handles = people.map((person) => person.handle);
  const joined = await joinAll(campaign.url, handles, say);
  await waitUntilSettled(stage, campaign.slug, campaign.moment, say);
  const report = await countReport(stage.control, joined, campaign.moment, campaign.url);
  say(describeReport(report));
  if (options.json) console.log(JSON.stringify(report));
  const wrong = report.lost + report.doubled + report.early;
  if (wrong > 0 || report.posted === 0) process.exitCode = 1;
}

async function joinAll(url: string, handles: readonly string[], say: Say): Promise<Joined[]> {
  const joined: Joined[] = [];
  const turnedAway: string[] = [];
  const startedAt = performance.now();
  const queue = handles.entries();
  const runner = async (): Promise<void> => {
    for (const [index, handle] of queue) {
      try {
        joined.push(await joinAs(url, handle, index));
      } catch (error) {
        turnedAway.push((error as Error).message);
      }
      const done = joined.length + turnedAway.length;
      if (done % 100 === 0) say(`${done} of ${handles.length} have come`);
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

async function waitUntilSettled(stage: Stage, slug: string, moment: Date, say: Say): Promise<void> {
  let last = '';
  while (Date.now() < moment.getTime() + SETTLE_MS) {
    const now = await callApi<{ state: string; totals: Record<string, number> }>(
      stage,
      'GET',
      `campaigns/${slug}/delivery`,
    );
    const totals = Object.entries(now.totals).flatMap(([state, n]) =>
      n > 0 ? `${state} ${n}` : [],
    );
    const left = Math.ceil((moment.getTime() - Date.now()) / 1000);
    const line = `${left > 0 ? `${left} s to go` : now.state}: ${totals.join(', ') || 'joining'}`;
    if (line !== last) say(line);
    last = line;
    if (now.state === 'settled') return;
    // Nothing is asked of the instance around the moment itself.
    await sleep(left === 1 ? 1_500 : 1_000);
  }
}

function onInterrupt(): Promise<void> {
  return new Promise((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => resolve());
  });
}
