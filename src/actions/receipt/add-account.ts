import type { Context } from '../../context.ts';
import { secretHash } from '../../secret-token.ts';
import type { CampaignRecord } from '../../store/campaign.ts';
import { saveIntent } from '../../store/intent.ts';
import { findJoinable } from '../campaign/find-campaign.ts';
import { INTENT_LIFE_MS } from '../join/choose-words.ts';
import { findPledgesOnReceipt, openContentIfLeft } from '../pledge/receipt-access.ts';
import { findWords } from './receipt-words.ts';

/**
 * Goes on from a receipt to one more account, or to the same one again: with the words of the named pledge, or else of the first,
 * and onto the same receipt, from this browser. Gives the secret of the page on which the account is named. Nothing is pledged.
 * @throws NotFoundError; ConflictError `closed`.
 */
export async function addAccount(
  ctx: Context,
  input: {
    receiptToken: string;
    pledgeId: string | null;
    /** What the pages' links carry. */
    locale: string;
    /** Which of the campaign's languages is wanted, where the receipt holds no text any more. */
    textLocale: (campaign: CampaignRecord) => string;
    browser: string;
  },
): Promise<string> {
  const { receiptId, pledges } = await findPledgesOnReceipt(ctx, input);
  const left = pledges.filter(({ erased }) => !erased);
  const pledge = left.find(({ id }) => id === input.pledgeId) ?? left[0] ?? pledges[0];
  const campaign = await findJoinable(ctx, { id: pledge.campaign_id });
  const content = await openContentIfLeft(ctx, pledge);
  // Of one that was withdrawn nothing is left: then they are the campaign's words.
  const words = content
    ? await findWords(ctx, campaign.content, receiptId, content)
    : { textLocale: input.textLocale(campaign), variant: 0, own: null, typed: {} };
  await saveIntent(
    ctx.db,
    ctx.vault,
    { id: receiptId, campaignId: campaign.id, locale: input.locale, words },
    INTENT_LIFE_MS,
    // The holder of the receipt decides which browser adds to it.
    secretHash(input.browser),
  );
  return ctx.vault.intentToken(receiptId);
}
