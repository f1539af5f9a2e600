import type { Context } from '../../context.ts';
import { NotFoundError, noCampaign } from '../../domain/errors.ts';
import type { HoldTarget, StopScope } from '../../domain/hold.ts';
import { checkReason } from '../../domain/order-words.ts';
import { didYouMean } from '../../domain/suggest.ts';
import { type CampaignRecord, findCampaign } from '../../store/campaign.ts';
import type { CampaignEvent } from '../../store/campaign-event.ts';
import { listStandingHolds, type StandingHold } from '../../store/stop/hold.ts';

export type { StopScope } from '../../domain/hold.ts';
export type { StandingHold } from '../../store/stop/hold.ts';

/** Who wants what stopped, or to go on. */
export interface StopOrder {
  scope: StopScope;
  /** A campaign's slug, or a platform's name; not read for the instance. */
  subject: string;
  /** Stands in the ledger. */
  actor: string;
  /** For other operators and for the ledger, where anybody may read it. */
  reason?: string;
}

/** What came of it. */
export interface StopResult {
  /** False when it was so already: nothing has been noted then. */
  changed: boolean;
  /** All holds on the same posts now, of any actor. */
  holds: readonly StandingHold[];
}

/** What an order is about, as the records know it. */
export interface StopTarget {
  /** As holds have it. */
  target: Exclude<HoldTarget, { scope: 'host' }>;
  /** As people write it: the slug, the platform's name, or `instance`. */
  name: string;
  /** Null unless the order is about one. */
  campaign: CampaignRecord | null;
}

/** The order as it is noted. @throws InputError for the reason. */
export function withReason<T extends { reason?: string }>(order: T): T & { reason: string } {
  return { ...order, reason: checkReason(order.reason ?? '') };
}

/** @throws NotFoundError for a campaign or platform that is not there. */
export async function findStopTarget(ctx: Context, order: StopOrder): Promise<StopTarget> {
  const { scope, subject } = order;
  switch (scope) {
    case 'instance':
      return { target: { scope }, name: 'instance', campaign: null };
    case 'platform':
      await refuseUnknownPlatform(ctx, subject);
      return { target: { scope, platform: subject }, name: subject, campaign: null };
    case 'campaign': {
      const campaign = await findCampaign(ctx.db, { slug: subject });
      if (!campaign) throw noCampaign(subject);
      return { target: { scope, campaignId: campaign.id }, name: campaign.slug, campaign };
    }
  }
}

/** One that is held may be gone from the configuration. */
async function refuseUnknownPlatform(ctx: Context, name: string): Promise<void> {
  const known = [...ctx.platforms.keys()];
  if (known.includes(name)) return;
  const held = await listStandingHolds(ctx.db, { scope: 'platform', platform: name });
  if (held.some((hold) => hold.scope === 'platform')) return;
  const mend = didYouMean(name, known) || `; there are ${known.join(', ') || 'none'}`;
  throw new NotFoundError(`There is no platform "${name}"${mend}`, 'name');
}

/** What an order leaves in the ledger. */
export function toStopEvent(
  order: StopOrder,
  { target }: StopTarget,
  action: CampaignEvent['action'],
): CampaignEvent {
  const { actor, reason = '' } = order;
  const platform = target.scope === 'platform' ? target.platform : null;
  return { action, scope: target.scope, platform, actor, detail: reason };
}

/** Whose ledgers an order is noted in: the campaign's own, or those of all whose posts are still to come. */
export function whichCampaigns(target: StopTarget): { campaignId: string } | 'all under way' {
  return target.campaign ? { campaignId: target.campaign.id } : 'all under way';
}
