import type { Context } from '../context.ts';
import { ConflictError } from '../domain/errors.ts';
import { appendEvent } from '../store/campaign-event.ts';
import { notify } from '../store/database.ts';
import { listStandingHolds, placeHold } from '../store/hold.ts';
import { audit } from '../store/operator.ts';
import {
  eventOf,
  findStopTarget,
  notedIn,
  type StopOrder,
  type StopResult,
  type StopTarget,
} from './stop-target.ts';

/**
 * Has every worker stop sending for a campaign, a platform or the whole instance, in the middle of a burst too, until somebody
 * resumes. What has its dispatch mark may still go out. Pausing what is paused changes nothing.
 * @throws NotFoundError; InputError; ConflictError `nothing_to_stop` for a campaign that is not open, locked or firing.
 */
export async function pauseSending(ctx: Context, order: StopOrder): Promise<StopResult> {
  const target = await findStopTarget(ctx, order);
  refuseIdle(target);
  const { scope, actor, reason = '' } = order;
  const changed = await ctx.db.transaction().execute(async (db) => {
    const hold = { scope, subject: target.subject, kind: 'paused', actor, reason } as const;
    if (!(await placeHold(db, { ...hold, until: null }))) return false;
    await appendEvent(db, notedIn(target), eventOf(order, target, 'paused'));
    await audit(db, { actor, action: `${scope}.pause`, subject: target.name });
    await notify(db, 'hold', '');
    return true;
  });
  return { changed, holds: await listStandingHolds(ctx.db, target) };
}

function refuseIdle({ campaign }: StopTarget): void {
  if (!campaign || ['open', 'locked', 'firing'].includes(campaign.state)) return;
  throw new ConflictError(
    'nothing_to_stop',
    `The campaign is ${campaign.state.replaceAll('_', ' ')}, so there is nothing to pause`,
  );
}
