import { afterAll, expect, it } from 'vitest';
import { inParallel } from '../../src/async/in-parallel.ts';
import type { CrashPoint } from '../../src/crash.ts';
import type { PlatformName } from '../../src/simulator/client.ts';
import { needs } from '../support/database.ts';
import {
  countPosts,
  FAULTLESS,
  type Fleet,
  type Fleeted,
  startFleet,
  TAKES_ALL,
} from '../support/fleet.ts';
import { startNetworks } from '../support/network.ts';
import type { Child } from '../support/process.ts';
import { waitFor } from '../support/wait-for.ts';
import { type CrashPlayed, writeBursts } from './crash-page.ts';

/** How often everything is played, at every position on every platform; 0: each point once on each platform. */
const TIMES = Number(process.env.TIMES ?? 0);
/** The page that gets the table of it. */
const OUT = process.env.OUT ?? '';

/** Six shards, three groups of marks and a handful of batches of outcomes for a worker that is alone. */
const PEOPLE = 260;
/** A victim that has less to do than foreseen comes to its point in the next campaign. */
const MAX_CAMPAIGNS = 3;
const PATIENCE_MS = 20_000;
/** A look for a post that fails is repeated after half a minute; on a busy machine several do. */
const SETTLED_MS = 180_000;
/** Every answer must arrive on a busy machine too: a post without an answer never comes to `after-answer`. */
const TIMEOUT_MS = 20_000;
/** Fleets at a time, and what a round of them may take. */
const FLEETS = 4;
const ROUND_MS = 900_000;

type Case = [point: CrashPoint, pass: number];
/** Where the burst begins, in its middle and towards its end. `in-refresh` has a test of its own. */
const POSITIONS: readonly (readonly Case[])[] = [
  [
    ['after-lease', 1],
    ['before-mark', 1],
    ['after-mark', 1],
    ['after-first-byte', 1],
    ['mid-body', 1],
    ['after-answer', 1],
    ['mid-commit', 1],
    ['after-commit', 1],
  ],
  [
    ['after-lease', 3],
    ['before-mark', 2],
    ['after-mark', 2],
    ['after-first-byte', 130],
    ['mid-body', 130],
    ['after-answer', 130],
    ['mid-commit', 2],
    ['after-commit', 2],
  ],
  [
    ['after-lease', 6],
    ['before-mark', 3],
    ['after-mark', 3],
    ['after-first-byte', 250],
    ['mid-body', 250],
    ['after-answer', 250],
    ['mid-commit', 3],
    ['after-commit', 3],
  ],
];
/** Two that know no key, one that knows one for an hour, one where a post has an address of its own. */
const PLATFORMS = ['x', 'facebook', 'mastodon', 'bluesky'] as const satisfies PlatformName[];

interface Play {
  platform: PlatformName;
  cases: readonly Case[];
  queue: 'redis' | 'postgres';
}

/** Half of a position's victims each; the first position's on Redis. */
function playsOf(platform: PlatformName, position: number): Play[] {
  const cases = POSITIONS[position] ?? [];
  const queue = position === 0 ? 'redis' : 'postgres';
  const half = cases.length / 2;
  return [cases.slice(0, half), cases.slice(half)].map((some) => ({
    platform,
    cases: some,
    queue,
  }));
}

/** Everything, or each point once on each platform, at another position on each. */
const plays: readonly Play[] = PLATFORMS.flatMap((platform, i) =>
  TIMES > 0
    ? POSITIONS.flatMap((_, position) => playsOf(platform, position))
    : playsOf(platform, i % POSITIONS.length),
);

const played: CrashPlayed[] = [];

/** Opens campaigns until the victim is dead. */
async function kill(fleet: Fleet, [point, pass]: Case): Promise<Fleeted[]> {
  const victim = await fleet.victim({ CRASH_AT: `${point}:${pass}` });
  const campaigns = [await fleet.open(PEOPLE)];
  for (let last = campaigns[0]; last && !(await diesIn(victim, last)); last = campaigns.at(-1)) {
    if (campaigns.length === MAX_CAMPAIGNS) throw new Error(`Nobody died at ${point}:${pass}`);
    campaigns.push(await fleet.open(PEOPLE));
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

/** Some victims, one after the other, and then somebody who finishes what they left. */
async function play(fleet: Fleet, { platform, cases }: Play): Promise<void> {
  const all: { point: CrashPoint; campaigns: Fleeted[] }[] = [];
  for (const one of cases) all.push({ point: one[0], campaigns: await kill(fleet, one) });
  const survivor = await fleet.worker();
  for (const { point, campaigns } of all) {
    for (const campaign of campaigns) {
      const counted = await expectEveryPost(fleet, campaign);
      played.push({ platform, point, died: campaign === campaigns.at(-1), ...counted });
    }
  }
  expect(await survivor.stop()).toEqual({ code: 0, signal: null });
}

async function expectEveryPost(fleet: Fleet, campaign: Fleeted) {
  await fleet.untilSettled(campaign, SETTLED_MS);
  const posts = await fleet.posts(campaign);
  const counted = countPosts(campaign, posts);
  const seen = { slug: campaign.slug, ...counted, ...(await fleet.states(campaign)) };
  expect(seen).toEqual({ slug: campaign.slug, ...FAULTLESS, posted: PEOPLE });
  return { posts: posts.length, ...counted };
}

needs('postgres', 'redis')('workers that die at every crash point', () => {
  const rounds = Array.from({ length: Math.max(1, TIMES) }, (_, i) => i + 1);
  it.each(rounds)(
    'leave nothing lost, doubled or early, time %i',
    async () => {
      const networks = await startNetworks(PLATFORMS);
      for (const { control } of networks.values()) await control.behaviour(SLOW);
      await inParallel(plays, FLEETS, async (one) => {
        const { platform, queue } = one;
        const network = networks.get(platform);
        if (network)
          await play(await startFleet(queue, { network, platform, timeoutMs: TIMEOUT_MS }), one);
      });
      const dead = played.filter(({ died }) => died).length;
      expect(dead % plays.flatMap(({ cases }) => cases).length).toBe(0);
    },
    ROUND_MS,
  );
  afterAll(async () => {
    if (OUT !== '') await writeBursts(OUT, played, TIMES);
  });
});
