import { expect, it } from 'vitest';
import type { CrashPoint } from '../../src/crash.ts';
import { bundle } from '../support/bundle.ts';
import { needs } from '../support/database.ts';
import {
  countPosts,
  FAULTLESS,
  type Fleet,
  type Fleeted,
  startFleet,
  TAKES_ALL,
} from '../support/fleet.ts';
import type { Child } from '../support/process.ts';
import { startNetwork } from '../support/stage.ts';
import { tempFolder } from '../support/temp.ts';
import { waitFor } from '../support/wait-for.ts';

/** Six shards, three groups of marks and a handful of batches of outcomes for a worker that is alone. */
const PEOPLE = 260;
const OPENED_AHEAD_MS = 5_000;
/** A victim that has less to do than foreseen comes to its point in the next campaign. */
const MOST_CAMPAIGNS = 3;
const PATIENCE_MS = 8_000;
/** A look for a post that fails is repeated after half a minute; on a busy machine several do. */
const SETTLED_MS = 180_000;

type Case = [point: CrashPoint, pass: number];
/** Where the burst begins, in its middle and towards its end. `in-refresh` has a test of its own. */
const positions: { queue: 'redis' | 'postgres'; cases: Case[] }[] = [
  {
    queue: 'redis',
    cases: [
      ['after-lease', 1],
      ['before-mark', 1],
      ['after-mark', 1],
      ['after-first-byte', 1],
      ['mid-body', 1],
      ['after-answer', 1],
      ['mid-commit', 1],
      ['after-commit', 1],
    ],
  },
  {
    queue: 'postgres',
    cases: [
      ['after-lease', 3],
      ['before-mark', 2],
      ['after-mark', 2],
      ['after-first-byte', 130],
      ['mid-body', 130],
      ['after-answer', 130],
      ['mid-commit', 2],
      ['after-commit', 2],
    ],
  },
  {
    queue: 'postgres',
    cases: [
      ['after-lease', 6],
      ['before-mark', 3],
      ['after-mark', 3],
      ['after-first-byte', 250],
      ['mid-body', 250],
      ['after-answer', 250],
      ['mid-commit', 3],
      ['after-commit', 3],
    ],
  },
];

/** Opens campaigns until the victim is dead. */
async function kill(fleet: Fleet, [point, pass]: Case): Promise<Fleeted[]> {
  const starting = fleet.worker({ CRASH_AT: `${point}:${pass}` });
  const first = fleet.open(PEOPLE, OPENED_AHEAD_MS);
  const victim = await starting;
  const campaigns = [await first];
  for (let last = campaigns[0]; last && !(await diesIn(victim, last)); last = campaigns.at(-1)) {
    if (campaigns.length === MOST_CAMPAIGNS) throw new Error(`Nobody died at ${point}:${pass}`);
    campaigns.push(await fleet.open(PEOPLE, OPENED_AHEAD_MS));
  }
  expect(await victim.exit, victim.output()).toEqual({ code: null, signal: 'SIGKILL' });
  return campaigns;
}

/** Whether it does, before the campaign is so long past that it will not any more. */
async function diesIn(victim: Child, campaign: Fleeted): Promise<boolean> {
  const patience = Math.max(0, campaign.moment.getTime() - Date.now()) + PATIENCE_MS;
  const ended = () => victim.ended;
  return waitFor(ended, { timeoutMs: patience }).catch(() => false);
}

/** So that a burst has a middle: answers come in over many batches. */
const SLOW = {
  ...TAKES_ALL,
  latency: { kind: 'lognormal', medianMs: 40 },
} as const;

/** Half of a position's victims, one after the other, and then somebody who finishes what they left. */
async function play(fleet: Fleet, cases: readonly Case[]): Promise<void> {
  const campaigns: Fleeted[] = [];
  for (const one of cases) campaigns.push(...(await kill(fleet, one)));
  const survivor = await fleet.worker();
  for (const campaign of campaigns) {
    await fleet.untilSettled(campaign, SETTLED_MS);
    const counted = countPosts(campaign, await fleet.posts(campaign));
    const seen = { slug: campaign.slug, ...counted, ...(await fleet.states(campaign)) };
    expect(seen).toEqual({ slug: campaign.slug, ...FAULTLESS, posted: PEOPLE });
  }
  expect(await survivor.stop()).toEqual({ code: 0, signal: null });
}

needs('postgres', 'redis')('workers that die at every crash point', () => {
  it('leave nothing lost, doubled or early', async () => {
    // Starts cost more than all the posts, so they are few and cheap.
    const program = await bundle('workers/main.ts', await tempFolder('bundle'));
    const network = await startNetwork();
    await network.control.behaviour(SLOW);
    const played = positions.flatMap(({ queue, cases }) => {
      const half = cases.length / 2;
      return [cases.slice(0, half), cases.slice(half)].map(async (some) =>
        play(await startFleet(queue, { program, network }), some),
      );
    });
    await Promise.all(played);
  }, 420_000);
});
