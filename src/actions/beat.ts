import type { Context } from '../context.ts';
import { measureOffset } from '../store/clock.ts';
import { beat, forgetWorker } from '../store/worker.ts';
import { checkMoments } from './check-moment.ts';

/**
 * Measures this process's clock against the database's, aims by it from now on, and shows it on the dashboard. Takes over what has
 * become of keys, whether or not it heard of it, and looks at the moments when the rules of time zones are new.
 */
export async function beatOnce(ctx: Context): Promise<void> {
  ctx.clock.offset = await measureOffset(ctx.db);
  await ctx.vault.follow(ctx.db);
  await beat(ctx.db, {
    name: ctx.workerName,
    clockOffsetMs: ctx.clock.offset.offsetMs,
    masterKeys: ctx.vault.masterKeys(),
    zoneRules: ctx.zones.current().version,
  });
  await checkMoments(ctx);
}

/** The last sign of a worker that ends in peace. */
export async function beatLast(ctx: Context): Promise<void> {
  await forgetWorker(ctx.db, ctx.workerName);
}
