import type { Context } from '../../context.ts';
import { AHEAD } from '../../domain/campaign.ts';
import { type DeliveryState, UNSENT } from '../../domain/delivery.ts';
import { NotFoundError } from '../../domain/errors.ts';
import type { RefusalReason } from '../../domain/outcome.ts';
import type { Return } from '../../domain/permission.ts';
import { type CampaignRecord, findCampaign } from '../../store/campaign.ts';
import type { PledgeRecord, PledgeWithDelivery } from '../../store/pledge.ts';
import type { PledgeContent } from '../../store/vault/sealed-pledge.ts';
import { openPost } from '../../store/vault/sealed-post.ts';
import { isJoinable } from '../campaign/find-campaign.ts';
import { findPledgesOnReceipt, openContentIfLeft } from '../pledge/receipt-access.ts';
import { takesReminders } from '../reminder/request-reminder.ts';
import { isEditable } from './edit-pledge.ts';

/** What the holder of a receipt link may see. */
export interface Receipt {
  campaign: CampaignRecord;
  /** At least one. */
  pledges: readonly ReceiptPledge[];
  /** Joining is still possible, so another account can be added. */
  joinable: boolean;
  /** The moment is still to come. */
  ahead: boolean;
  /** An e-mail address can be left. */
  reminders: boolean;
  /** Until then it works for certain; after it, the keys are destroyed with which it is read. */
  until: Date;
}

/** One pledge on a receipt. */
export interface ReceiptPledge {
  pledge: PledgeRecord;
  platformLabel: string;
  /** What becomes of its permission once it is withdrawn, or over. */
  returns: Return;
  /** Whose it is, and what they agreed to; null when it was withdrawn, and nothing of that is left. */
  content: PledgeContent | null;
  state: DeliveryState | 'pledged';
  reason: string | null;
  postUrl: string | null;
  postedAt: Date | null;
  /** Nothing more will happen to it, or be found out, by itself. */
  settled: boolean;
  /** Withdrawing would still work. */
  withdrawable: boolean;
  /** The grant is dead, and there is still time to connect again. */
  reconnectable: boolean;
  /** Its network does not let the account post for now; it is looked at again before the moment. */
  barred: boolean;
  /** Something was sent to the network for it. */
  tried: boolean;
  /** Its text can be changed, or could be if it were not signed by its owner. */
  text: 'changeable' | 'signed' | 'fixed';
}

/** @throws NotFoundError when the link is not one of ours, or what it was for has been erased (ErasedError). */
export async function showReceipt(ctx: Context, input: { receiptToken: string }): Promise<Receipt> {
  const { pledges } = await findPledgesOnReceipt(ctx, input);
  const campaign = await findCampaign(ctx.db, { id: pledges[0].campaign_id });
  if (!campaign) throw new NotFoundError('There is no such receipt');
  return {
    campaign,
    pledges: await Promise.all(pledges.map((pledge) => pledgeOn(ctx, campaign, pledge))),
    joinable: isJoinable(ctx, campaign),
    ahead: AHEAD.includes(campaign.state) && ctx.clock.now() < campaign.moment.instant.getTime(),
    reminders: takesReminders(ctx, campaign),
    until: keptUntil(ctx, campaign),
  };
}

/** Of a campaign that is not over yet, the earliest that it can be, should it go out. */
function keptUntil(ctx: Context, { settledAt, moment }: CampaignRecord): Date {
  return new Date((settledAt ?? moment.instant).getTime() + ctx.config.retentionMs);
}

async function pledgeOn(
  ctx: Context,
  campaign: CampaignRecord,
  pledge: PledgeWithDelivery,
): Promise<ReceiptPledge> {
  const owed = pledge.state === 'withdrawn' ? 'withdrawn' : (pledge.delivery_state ?? 'pledged');
  const unsent = owed === 'pledged' || UNSENT.includes(owed);
  // Stopped before the delivery was made, or a moment before it is dropped.
  const stopped = unsent && (campaign.state === 'cancelled' || campaign.state === 'aborted');
  const state = stopped ? 'dropped' : owed;
  const waiting = unsent && !stopped;
  const platform = ctx.platforms.get(pledge.platform);
  return {
    pledge,
    platformLabel: platform?.label ?? pledge.platform,
    // A network that is no longer configured cannot be promised for.
    returns: platform?.returns ?? 'forgotten',
    content: await openContentIfLeft(ctx, pledge),
    state,
    reason: reasonOf(pledge, { stopped, waiting }),
    postUrl: await postUrlOf(ctx, pledge),
    postedAt: state === 'posted' ? pledge.delivery_sent_at : null,
    settled: !waiting && state !== 'sending' && pledge.delivery_due_at === null,
    withdrawable: waiting,
    reconnectable: state === 'pledged' && !pledge.able && isJoinable(ctx, campaign),
    barred: isBarred(pledge, waiting),
    tried: pledge.delivery_tried,
    text: textOf(ctx, campaign, pledge),
  };
}

async function postUrlOf(ctx: Context, pledge: PledgeWithDelivery): Promise<string | null> {
  const { delivery_id: id, campaign_id: campaignId, platform, delivery_sealed: sealed } = pledge;
  if (id === null) return null;
  return (await openPost(ctx.vault, ctx.db, { id, campaignId, platform, sealed })).url;
}

function textOf(
  ctx: Context,
  campaign: CampaignRecord,
  pledge: PledgeWithDelivery,
): ReceiptPledge['text'] {
  const platform = ctx.platforms.get(pledge.platform);
  const open = isJoinable(ctx, campaign) && pledge.state === 'active';
  if (!open || !platform) return 'fixed';
  return isEditable(pledge, platform) ? 'changeable' : 'signed';
}

/** Its permission is taken, but its network does not let the account post for now. Told until the moment; then its answer counts. */
function isBarred({ able, dead_reason, delivery_state }: Barrable, waiting: boolean): boolean {
  return waiting && able && dead_reason !== null && delivery_state !== 'waiting';
}

type Barrable = Pick<PledgeWithDelivery, 'able' | 'dead_reason' | 'delivery_state'>;

function reasonOf(
  pledge: Barrable & Pick<PledgeWithDelivery, 'delivery_reason'>,
  { stopped, waiting }: { stopped: boolean; waiting: boolean },
): string | null {
  if (stopped) return 'stopped' satisfies RefusalReason;
  if (isBarred(pledge, waiting)) return pledge.dead_reason;
  if (!waiting || pledge.able) return pledge.delivery_reason;
  return pledge.dead_reason ?? ('reauthorize' satisfies RefusalReason);
}
