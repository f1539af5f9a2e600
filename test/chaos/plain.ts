import { setTimeout as sleep } from 'node:timers/promises';
import { Queue } from 'bullmq';
import { grantPeople } from '../support/crowd.ts';
import { programPath } from '../support/program.ts';
import { makeTemp } from '../support/services/temp.ts';
import { createChance } from './chance.ts';
import { behaviourOf } from './chaos.ts';
import { startFleet } from './fleet.ts';
import type { Servers } from './home.ts';
import { startNetworks } from './networks.ts';
import type { ChaosOptions } from './options.ts';
import { createPace } from './pace.ts';

/** What came of textbook BullMQ under the same kills, counted from the same simulator. */
export interface PlainResult {
  posts: number;
  kills: number;
  posted: number;
  doubled: number;
  lost: number;
  /** Jobs in BullMQ's failed set whose post the platform has. */
  false_failed: number;
  seconds: number;
}

/** From adding the jobs to when they are due. */
const LEAD_MS = 1_500;
/** BullMQ finds a dead worker's jobs after its lock, and its look for stalled jobs: 30 s each, and twice. */
const DRAIN_WITHIN_MS = 180_000;
const QUEUE = 'plain';

/** One delayed job per post, 64 wide, every setting at its default; kills and nothing else, in the same manner. */
export async function runPlain(
  options: ChaosOptions,
  servers: Servers,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<PlainResult> {
  const undo: (() => unknown)[] = [];
  try {
    const folder = await makeTemp('plain');
    undo.push(() => folder.remove());
    const { networks, stop } = await startNetworks(['x'], options.seed, folder.path);
    undo.push(stop);
    const network = networks.get('x');
    if (!network) throw new Error('There is no network');
    await network.control.behaviour(behaviourOf({ faults: new Set() }, 'x'));
    const entry = await programPath('test/chaos/plain-bullmq-worker.ts');
    const queue = new Queue<{ account: string; token: string; text: string }>(QUEUE, {
      connection: { url: servers.redisUrl },
    });
    undo.push(() => queue.close());
    await queue.obliterate({ force: true });

    const kills = Math.round((options.kills * options.plainPosts) / options.posts);
    const began = performance.now();
    const pace = createPace({ posts: options.plainPosts, kills, events: 0, signal });
    const fleet = startFleet({
      workers: options.workers,
      pace,
      chanceOf: (slot) => createChance(options.seed, `plain ${slot}`),
      command: () => ({ args: [entry, servers.redisUrl, network.url, QUEUE] }),
      ready: /is ready/,
    });
    undo.push(() => fleet.abandon());
    const accounts: string[] = [];
    await pace.run(async (_wave, size) => {
      for await (const people of grantPeople(network.control, 'test-app', size)) {
        accounts.push(...people.map(({ id }) => id));
        const jobs = people.map(({ id, accessToken }) => ({
          name: 'post',
          data: { account: id, token: accessToken, text: 'Textbook' },
          opts: { delay: LEAD_MS },
        }));
        await queue.addBulk(jobs);
      }
      return Date.now() + LEAD_MS;
    });
    while (pace.kills < kills) await sleep(50, null, { signal });
    say('Plain BullMQ: all kills are done; waiting for its stalled jobs.');
    await untilDrained(queue, signal);
    await fleet.stop();

    const posts = new Map<string, number>();
    for (const { account } of await network.control.posts()) {
      posts.set(account, (posts.get(account) ?? 0) + 1);
    }
    const failed = await queue.getFailed(0, -1);
    const failedAccounts = new Set(failed.map((job) => job.data.account));
    await queue.obliterate({ force: true });
    return {
      posts: options.plainPosts,
      kills: pace.kills,
      posted: accounts.filter((account) => posts.has(account)).length,
      doubled: accounts.filter((account) => (posts.get(account) ?? 0) > 1).length,
      lost: accounts.filter((account) => !posts.has(account)).length,
      false_failed: accounts.filter((one) => failedAccounts.has(one) && posts.has(one)).length,
      seconds: Math.round((performance.now() - began) / 1000),
    };
  } finally {
    for (const step of undo.reverse()) await step();
  }
}

async function untilDrained(queue: Queue, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + DRAIN_WITHIN_MS;
  while (performance.now() < deadline) {
    const counts = await queue.getJobCounts('waiting', 'active', 'delayed', 'prioritized');
    if (Object.values(counts).every((count) => count === 0)) return;
    await sleep(250, null, { signal });
  }
}
