import type { Context } from '../../context.ts';
import { UNDER_WAY } from '../../domain/campaign.ts';
import { ConflictError } from '../../domain/errors.ts';
import { listStandingHolds } from '../../store/stop/hold.ts';
import { insertPause } from '../../store/stop/pause.ts';
import { raiseEpoch } from '../../store/stop/restored.ts';
import { noteEpoch } from './check-restored.ts';
import {
  findStopTarget,
  type StopOrder,
  type StopResult,
  type StopTarget,
  withReason,
} from './stop-target.ts';

/**
 * Has every worker stop sending for a campaign, a platform or the whole instance, in the middle of a burst too, until somebody
 * resumes. What has its dispatch mark may still go out. Pausing what is paused changes nothing.
 * @throws NotFoundError; InputError; ConflictError `nothing_to_stop` for a campaign that is not open, locked or firing.
 */
export async function pauseSending(ctx: Context, given: StopOrder): Promise<StopResult> {
  const order = withReason(given);
  const found = await findStopTarget(ctx, order);
  refuseIdle(found);
  const { actor, reason } = order;
  const { target, name } = found;
  const changed = await insertPause(ctx.db, { target, name, actor, reason });
  if (changed) await noteInCounter(ctx);
  return { changed, holds: await listStandingHolds(ctx.db, target) };
}

/** A backup from before the pause does not know of it, and is to be held. What is paused does not wait for this. */
async function noteInCounter(ctx: Context): Promise<void> {
  await raiseEpoch(ctx.db);
  await noteEpoch(ctx);
}

function refuseIdle({ campaign }: StopTarget): void {
  if (!campaign || UNDER_WAY.includes(campaign.state)) return;
  throw new ConflictError(
    'nothing_to_stop',
    `The campaign is ${campaign.state.replaceAll('_', ' ')}, so there is nothing to pause; it can be paused from its approval until it is settled`,
  );
}
