import type { Context } from '../context.ts';
import { ConflictError } from '../domain/errors.ts';
import { shareCampaign } from '../store/campaign.ts';
import { retireCredentials } from '../store/credential.ts';
import { withdrawDelivery } from '../store/delivery.ts';
import { findPledge, withdrawPledgeRow } from '../store/pledge.ts';
import { pledgeOf } from './receipt-access.ts';

/**
 * Takes a pledge back, up to the send itself, and gives its grant to the revoker. Once this returns, no post is made.
 * Withdrawing twice is fine. @throws NotFoundError; ConflictError `too_late` when the post has begun or is over.
 */
export async function withdrawPledge(
  ctx: Context,
  input: { receiptToken: string; pledgeId: string | null },
): Promise<void> {
  const known = await pledgeOf(ctx, input);
  await ctx.db.transaction().execute(async (db) => {
    // Whoever locks the campaign waits for this, or has made the delivery that is looked at below.
    await shareCampaign(db, known.campaign_id);
    const current = await findPledge(db, known.id);
    if (current?.state !== 'active') return;
    if (current.delivery_state !== null && !(await withdrawDelivery(db, known.id))) {
      throw new ConflictError('too_late', 'The post has already been sent, or is being sent');
    }
    await withdrawPledgeRow(db, known.id);
    await retireCredentials(db, known.id);
  });
}
