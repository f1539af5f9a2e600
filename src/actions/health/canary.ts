import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../../../config/config.ts';
import type { Context } from '../../context.ts';
import { askCanaries, endCanary, listCanaries, refuseCanary } from '../../store/canary.ts';
import { isMomentNear } from '../../store/near.ts';

/** At rest a canary goes round each queue once a minute. Near a moment, or where one is missing, at each call. */
const REST_MS = 60_000;
/** One that has not come back by the next call but one is missing: a queue that was emptied has lost it. */
const MISSING_SECONDS = 5;

/**
 * Makes the function that looks at the place of the queues and sends a small job round each, as often as the time demands when it is
 * called every few seconds.
 * What comes of them is in the records. Returns whether every queue took its job.
 */
export function createCanaryRounds(ctx: Context): () => Promise<boolean> {
  let lastAt = Number.NEGATIVE_INFINITY;
  let allTaken = false;
  return async () => {
    const isDue = performance.now() - lastAt >= REST_MS || !allTaken;
    if (!isDue && !(await isMissing(ctx)) && !(await isMomentNear(ctx.db))) return true;
    lastAt = performance.now();
    await ctx.queues.look();
    allTaken = await sendCanaries(ctx);
    return allTaken;
  };
}

async function isMissing(ctx: Context): Promise<boolean> {
  const canaries = await listCanaries(ctx.db);
  return canaries.some(
    ({ askedBy, openSeconds }) =>
      askedBy === ctx.workerName && openSeconds !== null && openSeconds > MISSING_SECONDS,
  );
}

async function sendCanaries(ctx: Context): Promise<boolean> {
  const queues = ctx.queues.names();
  await askCanaries(ctx.db, ctx.workerName, queues);
  const taken = await Promise.all(
    queues.map(async (queue) => {
      const payload = { queue, asker: ctx.workerName };
      if (await ctx.queues.enqueue('canary', payload, { queue })) return true;
      await refuseCanary(ctx.db, ctx.workerName, queue);
      return false;
    }),
  );
  return taken.every(Boolean);
}

/** Executed by whichever worker the queue hands it to: notes that it has come round. */
export async function endCanaryRound(
  ctx: Context,
  input: { queue: string; asker: string },
): Promise<void> {
  await endCanary(ctx.db, { ...input, worker: ctx.workerName });
}

/** A queue that goes round does so well within this time. */
const ROUND_MS = 5_000;
const LOOK_MS = 50;

/**
 * Waits until a job of this process has gone round each queue. False when a queue does not take it, or has not handed it out in
 * some seconds.
 */
export async function untilRound(ctx: Context): Promise<boolean> {
  const deadline = performance.now() + ROUND_MS;
  while (performance.now() < deadline && !ctx.stopping.aborted) {
    const canaries = await listCanaries(ctx.db);
    const mine = canaries.filter(({ askedBy }) => askedBy === ctx.workerName);
    if (mine.some(({ refusedAt }) => refusedAt !== null)) return false;
    const isBack = mine.length > 0 && mine.every(({ openSeconds }) => openSeconds === null);
    if (isBack) return true;
    await sleep(LOOK_MS);
  }
  return false;
}

/** What a person who starts a process is told where {@link untilRound} says no. */
export function describeNoRound(ctx: Pick<Context, 'config' | 'queues'>): string {
  const trouble = ctx.queues.trouble();
  const why = trouble === null ? '' : `, since ${trouble.why}`;
  return `No job goes round the queue ${placeOfQueue(ctx.config)}${why}: every step is done without it and posts go out on time; /readyz and the log say more.`;
}

function placeOfQueue({ redisUrl, databaseUrl }: Config): string {
  if (redisUrl !== null) return 'in Redis (REDIS_URL)';
  if (databaseUrl !== null) return 'in PostgreSQL (DATABASE_URL, since REDIS_URL is not set)';
  return 'in the embedded database (in DATA_DIR, since REDIS_URL and DATABASE_URL are not set)';
}
