import type { Context } from '../context.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { Reconciled } from '../platforms/platform.ts';
import { type CampaignRecord, findCampaign } from '../store/campaign.ts';
import { findLiveCredentials } from '../store/credential.ts';
import {
  claimDoubtful,
  type DoubtfulDelivery,
  type Settlement,
  settle,
} from '../store/delivery.ts';
import { openAccount, openGrant } from './credential-access.ts';
import { inParallel } from './in-parallel.ts';

const PAGE = 50;
const WIDTH = 8;
/** Between two looks at the same account when the platform could not say. */
const LOOK_AGAIN_MS = 30_000;

/**
 * Looks at the platform for posts whose outcome is unknown. Found: posted. Proved absent: armed again. Not to be found out:
 * unconfirmed, and shown as such. Nothing is sent from here.
 */
export async function reconcileDeliveries(
  ctx: Context,
  input: { campaignId: string },
): Promise<void> {
  const campaign = await findCampaign(ctx.db, { id: input.campaignId });
  if (!campaign) return;
  const doubtful = await claimDoubtful(ctx.db, campaign.id, PAGE, LOOK_AGAIN_MS);
  const settlements: Settlement[] = [];
  await inParallel(doubtful, WIDTH, async (delivery) => {
    settlements.push(settlementOf(ctx, campaign, delivery, await look(ctx, delivery)));
  });
  await settle(ctx.db, ctx.workerName, campaign.id, 'reconcile', settlements);
}

async function look(ctx: Context, delivery: DoubtfulDelivery): Promise<Reconciled> {
  const platform = ctx.platforms.get(delivery.platform);
  const [record] = await findLiveCredentials(ctx.db, [delivery.pledgeId]);
  if (!platform || !record) return { kind: 'unreadable', detail: 'the grant is gone' };
  const account = await openAccount(ctx, { ...delivery, id: delivery.pledgeId });
  const order = {
    deliveryId: delivery.id,
    account,
    grant: await openGrant(ctx, record),
    text: delivery.text,
  };
  return platform.reconcile(order, delivery.markedAt);
}

function settlementOf(
  ctx: Context,
  campaign: CampaignRecord,
  delivery: DoubtfulDelivery,
  found: Reconciled,
): Settlement {
  const now = ctx.clock.now();
  const tooLate = now + LOOK_AGAIN_MS >= campaign.tooLateAt.getTime();
  const base: Settlement = {
    deliveryId: delivery.id,
    state: 'unconfirmed',
    dueAt: tooLate ? 'infinity' : new Date(now + LOOK_AGAIN_MS),
    reason: null,
    remoteId: null,
    url: null,
    sentAtMs: null,
    answeredAtMs: now,
    outcome: 'unknown' satisfies Outcome['kind'],
    detail: `looked: ${'detail' in found ? `${found.kind} ${found.detail}` : found.kind}`,
  };
  switch (found.kind) {
    case 'found':
      return { ...base, state: 'posted', outcome: 'posted', remoteId: found.id, url: found.url };
    case 'absent':
      return { ...base, state: 'armed', dueAt: new Date(now), outcome: 'not_sent' };
    case 'undecided':
      return base;
    case 'unreadable':
      return { ...base, dueAt: 'infinity' };
  }
}
