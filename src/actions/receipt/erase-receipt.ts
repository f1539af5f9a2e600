import type { Context } from '../../context.ts';
import { OVER } from '../../domain/campaign.ts';
import { ConflictError } from '../../domain/errors.ts';
import { lockCampaignForShare } from '../../store/campaign.ts';
import type { Db } from '../../store/connection/database.ts';
import { withdrawDelivery } from '../../store/delivery.ts';
import { erasePledge, eraseReceiptWords } from '../../store/erase.ts';
import {
  findPledge,
  lockPledge,
  type PledgeWithDelivery,
  withdrawPledgeRow,
} from '../../store/pledge.ts';
import { giveBack, wakeRevoker } from '../credential/give-back.ts';
import { findPledgesOnReceipt } from '../pledge/receipt-access.ts';

/**
 * Withdraws what can still be withdrawn and erases what names the person behind a receipt, all of it or nothing. Once this
 * returns, the grants are the revoker's, and the link leads to nothing.
 * @throws NotFoundError; ConflictError `being_sent` while a post is on its way or in doubt: reconcile needs the account to look for it.
 */
export async function eraseReceipt(ctx: Context, input: { receiptToken: string }): Promise<void> {
  const { receiptId, pledges } = await findPledgesOnReceipt(ctx, input);
  await ctx.db.transaction().execute(async (db) => {
    // A worker that locks the campaign waits for this, or has made the deliveries that are looked at below.
    const state = await lockCampaignForShare(db, pledges[0].campaign_id);
    const isOver = state === null || OVER.includes(state);
    for (const { id } of pledges) await eraseOne(ctx, db, id, isOver);
    const ids = pledges.map(({ id }) => id);
    await eraseReceiptWords(db, receiptId, ids);
  });
  await wakeRevoker(ctx);
}

async function eraseOne(ctx: Context, db: Db, id: string, isOver: boolean): Promise<void> {
  await lockPledge(db, id);
  const pledge = await findPledge(db, id);
  if (!pledge) return;
  if (pledge.erased) return erasePledge(db, id);
  if (pledge.state === 'active' && !isPast(pledge, isOver)) {
    if (pledge.delivery_state !== null && !(await withdrawDelivery(db, id))) {
      throw new ConflictError('being_sent', 'The post is being sent, or looked for');
    }
    await withdrawPledgeRow(db, id);
  }
  await giveBack(ctx, db, pledge);
  await erasePledge(db, id);
}

/** Nothing will be done with this delivery any more. Of one in doubt that is certain only when no worker sends any more. */
function isPast(pledge: PledgeWithDelivery, isOver: boolean): boolean {
  switch (pledge.delivery_state) {
    case 'posted':
    case 'refused':
    case 'dropped':
    case 'withdrawn':
      return true;
    case 'unconfirmed':
      return isOver && pledge.delivery_due_at === null;
    case 'pending':
    case 'armed':
    case 'waiting':
    case 'sending':
    case null:
      return false;
  }
}
