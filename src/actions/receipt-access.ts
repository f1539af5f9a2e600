import type { Context } from '../context.ts';
import { NotFoundError } from '../domain/errors.ts';
import { listPledges, type PledgeWithDelivery } from '../store/pledge.ts';

/**
 * A pledge on the receipt that a link is for; without an id the only one. @throws NotFoundError when the link is
 * not one of ours, the pledge is not on it, or it has been erased.
 */
export async function pledgeOf(
  ctx: Context,
  input: { receiptToken: string; pledgeId: string | null },
): Promise<PledgeWithDelivery> {
  const id = ctx.vault.readReceiptToken(input.receiptToken);
  const pledges = id === null ? [] : await listPledges(ctx.db, id);
  const only = pledges.length === 1 && input.pledgeId === null;
  const found = only ? pledges[0] : pledges.find((pledge) => pledge.id === input.pledgeId);
  if (!found) throw new NotFoundError('There is no such receipt');
  return found;
}
