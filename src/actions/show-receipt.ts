import type { Context } from '../context.ts';
import type { DeliveryState } from '../domain/delivery.ts';
import { NotFoundError } from '../domain/errors.ts';
import type { RefusalReason } from '../domain/outcome.ts';
import { type CampaignRecord, findCampaign } from '../store/campaign.ts';
import { listPledges, type PledgeRecord, type PledgeWithDelivery } from '../store/pledge.ts';
import { openAccount } from './credential-access.ts';
import { isJoinable } from './find-campaign.ts';

/** What the holder of a receipt link may see. */
export interface Receipt {
  campaign: CampaignRecord;
  /** At least one. */
  pledges: readonly ReceiptPledge[];
  /** Joining is still possible, so another account can be added. */
  joinable: boolean;
}

/** One pledge on a receipt. */
export interface ReceiptPledge {
  pledge: PledgeRecord;
  platformLabel: string;
  handle: string;
  state: DeliveryState | 'pledged';
  reason: string | null;
  postUrl: string | null;
  postedAt: Date | null;
  /** Withdrawing would still work. */
  withdrawable: boolean;
  /** The grant is dead, and there is still time to connect again. */
  reconnectable: boolean;
}

/** @throws NotFoundError when the link is not one of ours, or what it was for has been erased. */
export async function showReceipt(ctx: Context, input: { receiptToken: string }): Promise<Receipt> {
  const id = ctx.vault.readReceiptToken(input.receiptToken);
  const pledges = id ? await listPledges(ctx.db, id) : [];
  const [first] = pledges;
  const campaign = first ? await findCampaign(ctx.db, { id: first.campaign_id }) : null;
  if (!campaign) throw new NotFoundError('There is no such receipt');
  return {
    campaign,
    pledges: await Promise.all(pledges.map((pledge) => pledgeOn(ctx, campaign, pledge))),
    joinable: isJoinable(ctx, campaign),
  };
}

async function pledgeOn(
  ctx: Context,
  campaign: CampaignRecord,
  pledge: PledgeWithDelivery,
): Promise<ReceiptPledge> {
  const account = await openAccount(ctx, { ...pledge, campaignId: pledge.campaign_id });
  const owed = pledge.state === 'withdrawn' ? 'withdrawn' : (pledge.delivery_state ?? 'pledged');
  const unsent = ['pledged', 'pending', 'armed', 'waiting'].includes(owed);
  // Stopped before the delivery was made, or a moment before it is dropped.
  const stopped = unsent && (campaign.state === 'cancelled' || campaign.state === 'aborted');
  const state = stopped ? 'dropped' : owed;
  const waiting = unsent && !stopped;
  return {
    pledge,
    platformLabel: ctx.platforms.get(pledge.platform)?.label ?? pledge.platform,
    handle: account.handle,
    state,
    reason: reasonOf(pledge, { stopped, waiting }),
    postUrl: pledge.delivery_url,
    postedAt: state === 'posted' ? pledge.delivery_sent_at : null,
    withdrawable: waiting,
    reconnectable: state === 'pledged' && !pledge.able && isJoinable(ctx, campaign),
  };
}

function reasonOf(
  pledge: { able: boolean; delivery_reason: string | null },
  { stopped, waiting }: { stopped: boolean; waiting: boolean },
): string | null {
  if (stopped) return 'stopped' satisfies RefusalReason;
  return waiting && !pledge.able ? 'reauthorize' : pledge.delivery_reason;
}
