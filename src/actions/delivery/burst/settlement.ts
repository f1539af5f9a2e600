import type { Context } from '../../../context.ts';
import { nextAttemptAt } from '../../../domain/backoff.ts';
import type { Outcome, RefusalReason } from '../../../domain/outcome.ts';
import type { CampaignRecord } from '../../../store/campaign.ts';
import type { Settlement } from '../../../store/delivery.ts';
import type { LeasedShard } from '../../../store/shard.ts';
import { deadReason, trueReason } from '../../credential/dead-reason.ts';
import { refreshCredential } from '../../credential/refresh-credential.ts';
import { windowEnd } from '../../health/check-clock.ts';
import type { PreparedDelivery } from './prepare-shard.ts';

/** One send: under which lease, when it went out and when its answer was in, in epoch milliseconds of the database clock. */
export interface SentPost {
  leased: LeasedShard;
  campaign: CampaignRecord;
  delivery: PreparedDelivery['delivery'];
  outcome: Outcome;
  /** When the network wrote its answer, by its own clock; null where it does not say. */
  networkAtMs?: number | null;
  sentAtMs: number;
  answeredAtMs: number;
}

/** What is to be written down for one send. May ask the platform for a fresh token, once per delivery. */
export async function toSettlement(ctx: Context, sent: SentPost): Promise<Settlement> {
  const { campaign, delivery, outcome } = sent;
  const now = new Date(ctx.clock.now());
  const base: Settlement = {
    deliveryId: delivery.id,
    shardId: sent.leased.id,
    lease: sent.leased.lease,
    campaignId: campaign.id,
    platform: sent.leased.platform,
    // The dispatch mark counted it.
    attempt: delivery.attempts + 1,
    state: 'unconfirmed',
    dueAt: null,
    reason: null,
    post: null,
    sentAtMs: sent.sentAtMs,
    answeredAtMs: sent.answeredAtMs,
    ...(sent.networkAtMs === undefined ? {} : { networkAtMs: sent.networkAtMs }),
    outcome: outcome.kind,
    detail: outcome.detail ?? '',
  };
  // Only what may have reached the platform counts as sent.
  const unsent = { ...base, sentAtMs: null };
  switch (outcome.kind) {
    case 'posted':
      return { ...base, state: 'posted', post: { id: outcome.id, url: outcome.url } };
    case 'wait':
      return settleWaiting(unsent, outcome.until, windowEnd(ctx, campaign), 'quota_user');
    case 'throttled':
      return settleWaiting(
        unsent,
        outcome.until,
        windowEnd(ctx, campaign),
        outcome.reason ?? 'quota_app',
      );
    case 'refused':
      return settleRefused(ctx, unsent, outcome.reason, sent, now);
    case 'reconnect':
      return settleReconnected(ctx, unsent, sent);
    case 'unknown':
      return { ...base, dueAt: afterMs(now, ctx.config.delivery.reconcileDelayMs) };
    case 'not_sent':
      return {
        ...unsent,
        state: 'armed',
        dueAt: nextAttemptAt(now, delivery.attempts + 1, Math.random),
      };
  }
}

async function settleRefused(
  ctx: Context,
  base: Settlement,
  reason: RefusalReason,
  { delivery, leased }: SentPost,
  now: Date,
): Promise<Settlement> {
  // After an attempt that may have arrived, "duplicate" is the platform's proof that it did.
  if (reason === 'duplicate' && delivery.doubted) return { ...base, state: 'posted' };
  // The operator's fault is not the supporter's: their post waits until it is mended, or too late.
  if (reason === 'app_problem') {
    const dueAt = nextAttemptAt(now, delivery.attempts + 1, Math.random);
    return { ...base, state: 'waiting', dueAt };
  }
  const platform = ctx.platforms.get(leased.platform);
  const why = await trueReason(ctx, platform, delivery.pledgeId, reason);
  return { ...base, state: 'refused', reason: why };
}

/** Waits as long as the platform said, unless that is past the campaign's end. */
function settleWaiting(
  base: Settlement,
  until: Date,
  endMs: number,
  reason: RefusalReason,
): Settlement {
  return until.getTime() < endMs
    ? { ...base, state: 'waiting', dueAt: until }
    : { ...base, state: 'refused', reason };
}

/** A stale token is refreshed once; a second refusal means that the supporter has to connect again. */
async function settleReconnected(
  ctx: Context,
  base: Settlement,
  { delivery, leased }: SentPost,
): Promise<Settlement> {
  const fresh = delivery.refreshed ? 'dead' : await refreshCredential(ctx, delivery.pledgeId);
  if (fresh !== 'dead') return { ...base, state: 'waiting', dueAt: new Date(ctx.clock.now()) };
  const platform = ctx.platforms.get(leased.platform);
  const reason = await deadReason(ctx, platform, delivery.pledgeId);
  return { ...base, state: 'refused', reason };
}

function afterMs(now: Date, ms: number): Date {
  return new Date(now.getTime() + ms);
}
