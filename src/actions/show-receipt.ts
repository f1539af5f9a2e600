import type { Context } from '../context.ts';
import type { DeliveryState } from '../domain/delivery.ts';
import { NotFoundError } from '../domain/errors.ts';
import { type CampaignRecord, findCampaign } from '../store/campaign.ts';
import { findPledge, type PledgeRecord } from '../store/pledge.ts';
import { openAccount } from './credential-access.ts';

/** What the holder of a receipt link may see. */
export interface Receipt {
  campaign: CampaignRecord;
  pledge: PledgeRecord;
  platformLabel: string;
  handle: string;
  state: DeliveryState | 'pledged';
  reason: string | null;
  postUrl: string | null;
  postedAt: Date | null;
  /** Withdrawing would still work. */
  withdrawable: boolean;
}

/** @throws NotFoundError when the link is not one of ours, or what it was for has been erased. */
export async function showReceipt(ctx: Context, input: { receiptToken: string }): Promise<Receipt> {
  const id = ctx.vault.readReceiptToken(input.receiptToken);
  const pledge = id ? await findPledge(ctx.db, id) : null;
  const campaign = pledge ? await findCampaign(ctx.db, { id: pledge.campaign_id }) : null;
  if (!pledge || !campaign) throw new NotFoundError('There is no such receipt');
  const account = await openAccount(ctx, { ...pledge, campaignId: pledge.campaign_id });
  const state = pledge.state === 'withdrawn' ? 'withdrawn' : (pledge.delivery_state ?? 'pledged');
  const waiting = ['pledged', 'pending', 'armed', 'waiting'].includes(state);
  return {
    campaign,
    pledge,
    platformLabel: ctx.platforms.get(pledge.platform)?.label ?? pledge.platform,
    handle: account.handle,
    state,
    reason: waiting && !pledge.able ? 'reauthorize' : pledge.delivery_reason,
    postUrl: pledge.delivery_url,
    postedAt: state === 'posted' ? pledge.delivery_sent_at : null,
    withdrawable: waiting,
  };
}
