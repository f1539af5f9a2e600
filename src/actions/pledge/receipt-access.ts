import type { Context } from '../../context.ts';
import { NotFoundError } from '../../domain/errors.ts';
import { listPledges, type PledgeRecord, type PledgeWithDelivery } from '../../store/pledge.ts';
import { openPledge, type PledgeContent } from '../../store/vault/sealed-pledge.ts';

/** The receipt that a link was for has been erased, or its time is over. */
export class ErasedError extends NotFoundError {}

/**
 * The pledges on the receipt that a link is for, at least one. @throws NotFoundError when the link is not one of ours;
 * ErasedError when it was, and nothing is left.
 */
export async function findPledgesOnReceipt(
  ctx: Context,
  input: { receiptToken: string },
): Promise<{ receiptId: string; pledges: [PledgeWithDelivery, ...PledgeWithDelivery[]] }> {
  const receiptId = ctx.vault.readReceiptToken(input.receiptToken);
  if (receiptId === null) throw new NotFoundError('There is no such receipt');
  const [first, ...others] = await listPledges(ctx.db, receiptId);
  // A link that we made was for a pledge.
  if (!first || first.ended) throw new ErasedError('The receipt has been erased');
  return { receiptId, pledges: [first, ...others] };
}

/**
 * A pledge on the receipt that a link is for; without an id the only one. @throws NotFoundError when the link is
 * not one of ours, the pledge is not on it, or it has been erased.
 */
export async function findPledgeOnReceipt(
  ctx: Context,
  input: { receiptToken: string; pledgeId: string | null },
): Promise<PledgeWithDelivery> {
  const { pledges } = await findPledgesOnReceipt(ctx, input);
  const only = pledges.length === 1 && input.pledgeId === null;
  const found = only ? pledges[0] : pledges.find((pledge) => pledge.id === input.pledgeId);
  if (!found) throw new NotFoundError('There is no such pledge');
  return found;
}

type Sealed = Pick<PledgeRecord, 'id' | 'campaign_id' | 'platform' | 'consented_at' | 'sealed'>;

/**
 * Whose a pledge is, and what they agreed to; null when it was withdrawn, and only that is left.
 * @throws SealError; NotFoundError when the campaign's key is destroyed.
 */
export async function openContentIfLeft(
  ctx: Context,
  pledge: Sealed & { erased: boolean },
): Promise<PledgeContent | null> {
  return pledge.erased ? null : openPledgeContent(ctx, pledge);
}

/** The same of a pledge that is not erased. @throws SealError; NotFoundError when the campaign's key is destroyed. */
export function openPledgeContent(ctx: Context, pledge: Sealed): Promise<PledgeContent> {
  const { id, campaign_id: campaignId, platform, consented_at: consentedAt, sealed } = pledge;
  return openPledge(ctx.vault, ctx.db, { id, campaignId, platform, consentedAt, sealed });
}
