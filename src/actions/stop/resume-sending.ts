import type { Context } from '../../context.ts';
import { appendEvent } from '../../store/campaign-event.ts';
import { notify } from '../../store/connection/database.ts';
import { audit } from '../../store/operator.ts';
import { dropAbortedPlatforms } from '../../store/stop/abort.ts';
import { trustClock } from '../../store/stop/early.ts';
import { liftHolds, listStandingHolds } from '../../store/stop/hold.ts';
import {
  findStopTarget,
  type StopOrder,
  type StopResult,
  toStopEvent,
  whichCampaigns,
  withReason,
} from './stop-target.ts';

/**
 * Lets sending go on where an operator paused it, where we stopped at an answer that only the operator can mend, or where a campaign
 * would be early by the networks' clocks: it then goes by ours for good. A wait that
 * the platform asked for stays, and so does every wider or narrower hold: `holds` names them. Resuming what is not held
 * changes nothing. @throws NotFoundError; InputError
 */
export async function resumeSending(ctx: Context, given: StopOrder): Promise<StopResult> {
  const order = withReason(given);
  const found = await findStopTarget(ctx, order);
  const { target, name } = found;
  const { actor } = order;
  const changed = await ctx.db.transaction().execute(async (db) => {
    // What was aborted on a platform is not to go out because the platform may go on.
    await dropAbortedPlatforms(db);
    const early = target.scope === 'campaign' ? await liftHolds(db, target, ['clock']) : 0;
    if (target.scope === 'campaign' && early > 0) await trustClock(db, target.campaignId);
    if ((await liftHolds(db, target, ['paused', 'broken'])) + early === 0) return false;
    await appendEvent(db, whichCampaigns(found), toStopEvent(order, found, 'resumed'));
    await audit(db, { actor, action: `${target.scope}.resume`, subject: name });
    await notify(db, 'hold', '');
    return true;
  });
  return { changed, holds: await listStandingHolds(ctx.db, target) };
}
