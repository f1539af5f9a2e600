import type { Context } from '../../context.ts';
import { CAMPAIGN_ARROWS, CAMPAIGN_STATES } from '../../domain/campaign.ts';
import { ConflictError, InputError } from '../../domain/errors.ts';
import { moveCampaign } from '../../store/campaign.ts';
import { appendEvent } from '../../store/campaign-event.ts';
import { type Db, notify } from '../../store/connection/database.ts';
import { audit } from '../../store/operator.ts';
import {
  abortCampaigns,
  abortPlatform,
  holdForAbort,
  retireAllCredentials,
} from '../../store/stop/abort.ts';
import { listStandingHolds } from '../../store/stop/hold.ts';
import { raiseEpoch } from '../../store/stop/restored.ts';
import { pauseSending } from './pause-sending.ts';
import {
  findStopTarget,
  type StopOrder,
  type StopResult,
  type StopTarget,
  toStopEvent,
  withReason,
} from './stop-target.ts';

/** An order that cannot be taken back: `confirm` repeats the slug, the platform's name, or `instance`. */
export type AbortOrder = StopOrder & { confirm: string };

export interface AbortResult extends StopResult {
  /** Slugs of the campaigns that it ended, in whole or on that platform. */
  campaigns: readonly string[];
  /** Posts that now never go out. */
  dropped: number;
}

/** PostgreSQL's deadlock_detected. */
const DEADLOCK = '40P01';
const MAX_DEADLOCKS = 3;

/** What a transaction of an abort did; null when there was nothing left to abort. */
type Done = { campaigns: readonly { id: string; slug: string }[]; dropped: number } | null;

/**
 * Stops for good: a campaign; what is owed on a platform, which is paused as well; or every campaign that is locked or
 * firing. Nothing that has no dispatch mark goes out any more; what has one is left to its outcome. A campaign that is not
 * locked yet is cancelled. Aborting what is aborted changes nothing.
 * @throws NotFoundError; InputError for `confirm` or the reason; ConflictError `nothing_to_stop`.
 */
export async function abortSending(ctx: Context, given: AbortOrder): Promise<AbortResult> {
  const order = withReason(given);
  const found = await findStopTarget(ctx, order);
  if (order.confirm !== found.name) throw notConfirmed(found.name);
  // First of all nothing more goes out; putting the records in order may then take its time.
  const paused = await holdFirst(ctx, order, found);
  const done = await untilNoDeadlock(() => endAndNote(ctx, order, found));
  if (!done) await refuseIfOver(ctx, found);
  await wakeRevoker(ctx, done);
  return {
    changed: done !== null || paused,
    campaigns: (done?.campaigns ?? []).map((campaign) => campaign.slug),
    dropped: done?.dropped ?? 0,
    holds: await listStandingHolds(ctx.db, found.target),
  };
}

async function holdFirst(ctx: Context, order: StopOrder, found: StopTarget): Promise<boolean> {
  if (found.target.scope === 'platform') return (await pauseSending(ctx, order)).changed;
  const { actor, reason = '' } = order;
  await holdForAbort(ctx.db, toAbortTarget(found), { actor, reason });
  return false;
}

/** A dispatch mark that was being made meanwhile may take the same rows in another order. */
async function untilNoDeadlock<T>(act: () => Promise<T>): Promise<T> {
  for (let left = MAX_DEADLOCKS; ; left--) {
    try {
      return await act();
    } catch (error) {
      if ((error as { code?: string }).code !== DEADLOCK || left === 0) throw error;
    }
  }
}

async function endAndNote(ctx: Context, order: StopOrder, found: StopTarget): Promise<Done> {
  return ctx.db.transaction().execute(async (db) => {
    const ended = await endSending(db, order, found);
    if (!ended) return null;
    const { actor, scope } = order;
    await audit(db, { actor, action: `${scope}.abort`, subject: found.name });
    await notify(db, 'hold', '');
    for (const { id } of ended.campaigns) await notify(db, 'delivery', id);
    await raiseEpoch(db);
    return ended;
  });
}

async function endSending(db: Db, order: StopOrder, found: StopTarget): Promise<Done> {
  const { actor, reason = '' } = order;
  if (found.target.scope === 'platform') {
    const ended = await abortPlatform(db, found.target.platform, { actor, reason });
    return ended.campaigns.length > 0 || ended.dropped > 0 ? ended : null;
  }
  const ended =
    (await cancelCampaign(db, found)) ?? (await abortCampaigns(db, toAbortTarget(found)));
  if (ended.campaigns.length === 0) return null;
  for (const { id } of ended.campaigns) {
    await appendEvent(db, { campaignId: id }, toStopEvent(order, found, 'aborted'));
  }
  return ended;
}

/** A campaign that is not locked yet has no deliveries: it is called off, and every grant goes back. */
async function cancelCampaign(db: Db, { campaign }: StopTarget): Promise<Done> {
  if (!campaign) return null;
  const early = CAMPAIGN_STATES.filter((state) => CAMPAIGN_ARROWS[state].includes('cancelled'));
  for (const state of early) {
    if (!(await moveCampaign(db, campaign.id, state, 'cancelled'))) continue;
    await retireAllCredentials(db, campaign.id);
    return { campaigns: [campaign], dropped: 0 };
  }
  return null;
}

function toAbortTarget({ campaign }: StopTarget): { campaignId: string } | 'all' {
  return campaign ? { campaignId: campaign.id } : 'all';
}

/** @throws ConflictError unless it has been aborted or cancelled already, which is what was wanted. */
async function refuseIfOver(ctx: Context, { campaign }: StopTarget): Promise<void> {
  if (!campaign) return;
  const { campaign: now } = await findStopTarget(ctx, {
    scope: 'campaign',
    subject: campaign.slug,
    actor: '',
  });
  if (!now || now.state === 'aborted' || now.state === 'cancelled') return;
  throw new ConflictError(
    'nothing_to_stop',
    `The campaign is ${now.state.replaceAll('_', ' ')}, so there is nothing to abort; leave it as it is`,
  );
}

/** The sweep finds what there is to revoke, too. */
async function wakeRevoker(ctx: Context, done: Done): Promise<void> {
  if (!done) return;
  try {
    await ctx.queues.enqueue('revoke', {});
  } catch (error) {
    ctx.log.warn({ error: (error as Error).message }, 'revoker not woken; the sweep will do');
  }
}

function notConfirmed(name: string): InputError {
  const message = `an abort cannot be taken back; write exactly "${name}" to go on`;
  return new InputError([{ field: 'confirm', message }]);
}
