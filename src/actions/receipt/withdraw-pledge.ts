import type { Context } from '../../context.ts';
import { ConflictError } from '../../domain/errors.ts';
import { lockCampaignForShare } from '../../store/campaign.ts';
import { withdrawDelivery } from '../../store/delivery.ts';
import { erasePledge, eraseWithdrawnWords } from '../../store/erase.ts';
import { findPledge, lockPledge, withdrawPledgeRow } from '../../store/pledge.ts';
import { giveBack, wakeRevoker } from '../credential/give-back.ts';
import { findPledgeOnReceipt } from '../pledge/receipt-access.ts';

/**
 * Takes a pledge back, up to the send itself, gives its grant to the revoker, and erases all else of it at once; the receipt says
 * that it was withdrawn, and knows no more. Once this returns, no post is made. Withdrawing twice is fine.
 * @throws NotFoundError; ConflictError `too_late` when the post has begun or is over.
 */
export async function withdrawPledge(
  ctx: Context,
  input: { receiptToken: string; pledgeId: string | null },
): Promise<void> {
  const known = await findPledgeOnReceipt(ctx, input);
  await ctx.db.transaction().execute(async (db) => {
    // A worker that locks the campaign waits for this, or has made the delivery that is looked at below.
    await lockCampaignForShare(db, known.campaign_id);
    await lockPledge(db, known.id);
    const current = await findPledge(db, known.id);
    if (current?.state !== 'active') return;
    if (current.delivery_state !== null && !(await withdrawDelivery(db, known.id))) {
      throw new ConflictError('too_late', 'The post has already been sent, or is being sent');
    }
    await withdrawPledgeRow(db, known.id);
    await giveBack(ctx, db, current);
    await erasePledge(db, known.id, { keepLink: true });
    const { id, receipt_id: receiptId, platform } = known;
    await eraseWithdrawnWords(db, { id, receiptId, platform });
  });
  await wakeRevoker(ctx);
}
