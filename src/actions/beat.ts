import type { Context } from '../context.ts';
import { measureOffset } from '../store/clock.ts';
import { beat, forgetWorker } from '../store/worker.ts';

/**
 * Measures this process's clock against the database's, aims by it from now on, and shows it on the dashboard. Takes over what has
 * become of keys, whether or not it heard of it.
 */
export async function beatOnce(ctx: Context): Promise<void> {
  ctx.clock.offset = await measureOffset(ctx.db);
  await ctx.vault.follow(ctx.db);
  await beat(ctx.db, ctx.workerName, ctx.clock.offset.offsetMs, ctx.vault.masterKeys());
}

/** The last sign of a worker that ends in peace. */
export async function beatLast(ctx: Context): Promise<void> {
  await forgetWorker(ctx.db, ctx.workerName);
}
