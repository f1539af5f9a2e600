import { setTimeout as sleep } from 'node:timers/promises';
import type { Post } from '../../src/simulator/accounts.ts';
import type { SimulatorControl } from '../../src/simulator/client.ts';
import type { Child } from '../support/child.ts';
import { type Cost, type Witnessed, witness } from './measure.ts';
import { readUsage, type Usage } from './usage.ts';

/** CPU is counted from so long before the moment. */
const BEFORE_MS = 300;
const PATIENCE_MS = 180_000;

/** A burst to look at: who makes it, how many posts, when. */
export interface Watched {
  control: SimulatorControl;
  processes: readonly Child[];
  posts: number;
  momentMs: number;
  /** A burst that has not ended by then has lost posts. */
  patienceMs?: number;
  /** Resolves when the system itself has nothing left to do for the burst. */
  finished?: () => Promise<void>;
}

/**
 * Waits for the moment, sees the burst to its end and judges it by the simulator's record. Between the moment and the end it only
 * asks the simulator for its counts, a few times a second.
 */
export async function watchBurst(watched: Watched): Promise<Witnessed & Cost> {
  const { control, processes, posts, momentMs } = watched;
  await sleep(Math.max(0, momentMs - BEFORE_MS - Date.now()));
  const before = await usageOf(processes);
  const seen = await untilAnswered(control, posts, momentMs + (watched.patienceMs ?? PATIENCE_MS));
  await watched.finished?.();
  const after = await usageOf(processes);
  const spent = total(after, (usage) => usage.cpuUs) - total(before, (usage) => usage.cpuUs);
  return {
    ...witness(seen, await control.summary(), posts, momentMs),
    cpu_us_per_post: spent / posts,
    peak_rss_mib: Math.max(...after.map((usage) => usage.peakRssMib)),
  };
}

function usageOf(processes: readonly Child[]): Promise<Usage[]> {
  return Promise.all(processes.map((process) => readUsage(process.pid)));
}

function total(usages: readonly Usage[], pick: (usage: Usage) => number): number {
  return usages.reduce((sum, usage) => sum + pick(usage), 0);
}

/** Every post, once all are answered; or what there is at the deadline. */
async function untilAnswered(
  control: SimulatorControl,
  posts: number,
  deadlineMs: number,
): Promise<Post[]> {
  const everyMs = posts > 20_000 ? 500 : 250;
  for (;;) {
    const over = Date.now() > deadlineMs;
    if (over || (await control.summary()).posts >= posts) {
      const seen = await control.posts();
      if (over || seen.every((post) => post.answered_us !== undefined)) return seen;
    }
    await sleep(everyMs);
  }
}
