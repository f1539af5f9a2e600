import type { Context } from '../context.ts';
import { saveIntent } from '../store/intent.ts';
import { INTENT_LIFE_MS } from './choose-words.ts';
import { findJoinable } from './find-campaign.ts';
import { contentOf, pledgesOn } from './receipt-access.ts';
import { wordsOf } from './receipt-words.ts';
import { secretHash } from './tokens.ts';

/**
 * Goes on from a receipt to one more account, or to the same one again: with the words of the named pledge, or else of the first,
 * and onto the same receipt, from this browser. Gives the secret of the page on which the account is named. Nothing is pledged.
 * @throws NotFoundError; ConflictError `closed`.
 */
export async function addAccount(
  ctx: Context,
  input: { receiptToken: string; pledgeId: string | null; locale: string; browser: string },
): Promise<string> {
  const { receiptId, pledges } = await pledgesOn(ctx, input);
  const pledge = pledges.find(({ id }) => id === input.pledgeId) ?? pledges[0];
  const campaign = await findJoinable(ctx, { id: pledge.campaign_id });
  const words = await wordsOf(ctx, campaign.content, receiptId, await contentOf(ctx, pledge));
  await saveIntent(
    ctx.db,
    ctx.vault,
    { id: receiptId, campaignId: campaign.id, locale: input.locale, words },
    INTENT_LIFE_MS,
    // Whoever holds the receipt decides which browser adds to it.
    secretHash(input.browser),
  );
  return ctx.vault.intentToken(receiptId);
}
