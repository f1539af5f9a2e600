import type { Context } from '../../context.ts';
import { notify } from '../../store/connection/database.ts';
import { hasUnfinished } from '../../store/delivery.ts';
import {
  closeAborted,
  dropAborted,
  dropAbortedPlatforms,
  listAborted,
  retireAllCredentials,
} from '../../store/stop/abort.ts';

/**
 * Winds up what was aborted, for the sweep: what was being sent then and came back unsent is dropped, and once nothing is in
 * flight or in doubt any more, every credential is given to the revoker. A closed campaign is not looked at again.
 */
export async function finishAborted(ctx: Context): Promise<void> {
  await dropAbortedPlatforms(ctx.db);
  for (const campaign of await listAborted(ctx.db)) {
    const dropped = await dropAborted(ctx.db, campaign.id);
    const closed = await ctx.db.transaction().execute(async (db) => {
      if (await hasUnfinished(db, campaign.id)) return false;
      if (!(await closeAborted(db, campaign.id))) return false;
      await retireAllCredentials(db, campaign.id);
      return true;
    });
    if (dropped > 0 || closed) await notify(ctx.db, 'delivery', campaign.id);
    if (!closed) continue;
    ctx.log.info({ campaign: campaign.slug }, 'wound up after its abort');
    await ctx.queues.enqueue('revoke', {});
  }
}
