import type { Context } from '../../context.ts';
import { appendEvent } from '../../store/campaign-event.ts';
import { notify } from '../../store/connection/database.ts';
import { placeHold } from '../../store/stop/hold.ts';
import { isBehind, noteRestore, readEpoch } from '../../store/stop/restored.ts';

/** What is said of a hold after a restore, to operators and in the ledger of each campaign under way. */
export const RESTORED_REASON =
  'the database is older than what this instance remembers of it: it was restored from a backup';

/**
 * Compares the database with what the processes on this data folder noted of it. Where it is behind, it was restored from a
 * backup: sending is held for the whole instance, on every machine, until an operator lets it go on (`releaseRestored`). Else
 * its counter is noted. To be called before anything is sent, and now and then afterwards.
 */
export async function checkRestored(ctx: Context): Promise<void> {
  const { databaseId, epoch } = await readEpoch(ctx.db);
  const noted = ctx.highWater.read(databaseId);
  for (const one of noted) {
    if (!(await isBehind(ctx.db, one))) continue;
    const furthest = Math.max(...noted.map((other) => other.epoch));
    await holdRestored(ctx, furthest, RESTORED_REASON);
    ctx.log.error('nothing is sent: the database was restored from a backup');
    return noteEpoch(ctx);
  }
  ctx.highWater.noteEpoch(databaseId, epoch);
}

/** Notes how far the database has come by now, after a step that raised its counter. A database that is away is no harm. */
export async function noteEpoch(ctx: Context): Promise<void> {
  try {
    const { databaseId, epoch } = await readEpoch(ctx.db);
    ctx.highWater.noteEpoch(databaseId, epoch);
  } catch (error) {
    ctx.log.warn({ error: (error as Error).message }, 'the counter of the database was not read');
  }
}

/** Holds sending for the whole instance after a restore, and raises the counter above everything that was noted of it. */
export async function holdRestored(ctx: Context, above: number, reason: string): Promise<void> {
  await ctx.db.transaction().execute(async (db) => {
    const by = { actor: 'tocsin', scope: 'instance' } as const;
    const fresh = await placeHold(db, { ...by, kind: 'restored', reason, until: null });
    const event = { ...by, action: 'paused', platform: null, detail: reason } as const;
    if (fresh) await appendEvent(db, 'all under way', event);
    await notify(db, 'hold', '');
    await noteRestore(db, above);
  });
}
