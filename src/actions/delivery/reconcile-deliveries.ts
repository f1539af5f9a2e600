import { inParallel } from '../../async/in-parallel.ts';
import type { Context } from '../../context.ts';
import { errorWord } from '../../domain/error-word.ts';
import type { Reconciled } from '../../platforms/platform.ts';
import { type CampaignRecord, findCampaign } from '../../store/campaign.ts';
import { notify } from '../../store/connection/database.ts';
import { findLiveCredentials } from '../../store/credential.ts';
import {
  claimDoubtful,
  type DoubtfulDelivery,
  type Settlement,
  settle,
} from '../../store/delivery.ts';
import { windowEnd } from '../health/check-clock.ts';
import { openOrder } from './burst/open-order.ts';

const PAGE = 100;
const WIDTH = 16;
/** Between two looks at the same account when the platform could not say. */
const LOOK_AGAIN_MS = 30_000;
/** After this time of looking without finding it, a post may be sent again, if REPOST_UNDECIDED is set. */
const REPOST_AFTER_MS = 60_000;
/** When more than this share of a page could not be looked for, the platform has had enough for now. */
const FRUITLESS = 0.25;

/**
 * Looks at the platform for posts whose outcome is unknown, page by page until none is due. Found: posted. Proved absent: armed
 * again. Not to be found out: unconfirmed, and shown as such. Nothing is sent from here.
 */
export async function reconcileDeliveries(
  ctx: Context,
  input: { campaignId: string },
): Promise<void> {
  const campaign = await findCampaign(ctx.db, { id: input.campaignId });
  if (!campaign) return;
  while (!ctx.stopping.aborted) {
    const doubtful = await claimDoubtful(ctx.db, campaign.id, PAGE, LOOK_AGAIN_MS);
    if (doubtful.length === 0) return;
    const undecided = await reconcilePage(ctx, campaign, doubtful);
    if (undecided > doubtful.length * FRUITLESS) return;
  }
}

/** Returns how many of them could not be looked for; one that cannot be opened must not keep the others from being found. */
async function reconcilePage(
  ctx: Context,
  campaign: CampaignRecord,
  doubtful: readonly DoubtfulDelivery[],
): Promise<number> {
  let undecided = 0;
  const settlements: Settlement[] = [];
  await inParallel(doubtful, WIDTH, async (delivery) => {
    const { found, knowsAgain } = await lookForPost(ctx, campaign, delivery).catch(
      (error: Error): Look => {
        ctx.log.warn({ platform: delivery.platform, error: errorWord(error) }, 'not looked for');
        return blind({ kind: 'undecided', detail: 'the look failed' });
      },
    );
    if (found.kind === 'undecided') undecided++;
    settlements.push(toReconciledSettlement(ctx, campaign, delivery, { found, knowsAgain }));
  });
  await settle(ctx.db, ctx.vault, ctx.workerName, 'reconcile', settlements);
  await notify(ctx.db, 'delivery', campaign.id);
  return undecided;
}

/** What a look has shown, and whether the post could be sent again without being there twice. */
interface Look {
  found: Reconciled;
  knowsAgain: boolean;
}

function blind(found: Reconciled): Look {
  return { found, knowsAgain: false };
}

async function lookForPost(
  ctx: Context,
  campaign: CampaignRecord,
  delivery: DoubtfulDelivery,
): Promise<Look> {
  const platform = ctx.platforms.get(delivery.platform);
  if (!platform) return blind({ kind: 'undecided', detail: 'the platform is not connected' });
  const [record] = await findLiveCredentials(ctx.db, [delivery.pledgeId]);
  if (!record) return blind({ kind: 'unreadable', detail: 'the grant is gone' });
  const { order } = await openOrder(ctx, campaign, delivery, record);
  // Nothing goes out before the moment, so that no earlier try can be older.
  const ageMs = ctx.clock.now() - campaign.moment.instant.getTime();
  return {
    found: await platform.reconcile(order, delivery.markedAt),
    knowsAgain: platform.knowsAgain?.(order.grant, ageMs) ?? false,
  };
}

/** What is to be written down for what a look has shown. */
function toReconciledSettlement(
  ctx: Context,
  campaign: CampaignRecord,
  delivery: DoubtfulDelivery,
  { found, knowsAgain }: Look,
): Settlement {
  const now = ctx.clock.now();
  const base: Settlement = {
    deliveryId: delivery.id,
    shardId: null,
    lease: null,
    campaignId: campaign.id,
    platform: delivery.platform,
    attempt: delivery.attempts,
    state: 'unconfirmed',
    dueAt: null,
    reason: null,
    post: null,
    sentAtMs: null,
    answeredAtMs: now,
    outcome: 'unknown',
    detail: `looked: ${'detail' in found ? `${found.kind} ${found.detail}` : found.kind}`,
  };
  switch (found.kind) {
    case 'found':
      return {
        ...base,
        state: 'posted',
        outcome: 'posted',
        post: { id: found.id, url: found.url },
      };
    case 'absent':
      return sendAgain(ctx, campaign, { ...base, outcome: 'not_sent' });
    case 'undecided':
      return undecided(ctx, campaign, delivery, base, knowsAgain);
    case 'unreadable':
      return base;
  }
}

/** It is not there: armed again, unless the campaign has been stopped or is over. */
function sendAgain(ctx: Context, campaign: CampaignRecord, base: Settlement): Settlement {
  const now = ctx.clock.now();
  if (campaign.state === 'aborted') return { ...base, state: 'refused', reason: 'stopped' };
  if (windowEnd(ctx, campaign) <= now) {
    return { ...base, state: 'refused', reason: 'window_expired' };
  }
  return { ...base, state: 'armed', dueAt: new Date(now) };
}

/**
 * The platform could not be asked. It is looked for again until the campaign's window is over. Where the operator has chosen
 * so, the very same text is posted again after a while, but only where the platform refuses it as a duplicate or knows its key.
 * Refusals are not promised anywhere, so a double post cannot be ruled out.
 */
function undecided(
  ctx: Context,
  campaign: CampaignRecord,
  delivery: DoubtfulDelivery,
  base: Settlement,
  knowsAgain: boolean,
): Settlement {
  const now = ctx.clock.now();
  const lookAgainAt = now + LOOK_AGAIN_MS;
  const isPatient = now - delivery.markedAt.getTime() < REPOST_AFTER_MS;
  const mayRepost = ctx.config.delivery.repostUndecided && knowsAgain;
  // After a restore it is not known how long ago it was sent, and a platform refuses duplicates for a while only.
  if (mayRepost && !isPatient && !delivery.restored) {
    return sendAgain(ctx, campaign, { ...base, detail: `${base.detail}; posted again` });
  }
  if (lookAgainAt >= windowEnd(ctx, campaign)) return base;
  return { ...base, dueAt: new Date(lookAgainAt) };
}
