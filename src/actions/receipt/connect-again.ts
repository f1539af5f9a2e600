import type { Context } from '../../context.ts';
import { ConflictError } from '../../domain/errors.ts';
import { secretHash } from '../../secret-token.ts';
import { saveIntent } from '../../store/intent.ts';
import { findJoinable } from '../campaign/find-campaign.ts';
import { INTENT_LIFE_MS } from '../join/choose-words.ts';
import { findPledgeOnReceipt, openPledgeContent } from '../pledge/receipt-access.ts';
import { findWords } from './receipt-words.ts';

export interface ConnectAgain {
  receiptToken: string;
  pledgeId: string | null;
  /** What the pages' links carry. */
  locale: string;
  /** Secret of the browser's cookie: the page is shown to this one alone. */
  browser: string;
}

/**
 * Begins to connect the account of a pledge again, from its receipt. What comes of it replaces that pledge's grant or changes nothing:
 * see `pledgedAmong`. Gives the secret of the page that leads to the network.
 * @throws NotFoundError; ConflictError `closed`, or `withdrawn`.
 */
export async function connectAgain(ctx: Context, input: ConnectAgain): Promise<string> {
  const pledge = await findPledgeOnReceipt(ctx, input);
  const campaign = await findJoinable(ctx, { id: pledge.campaign_id });
  if (pledge.state !== 'active' || pledge.erased) {
    throw new ConflictError('withdrawn', 'There is nothing left to connect again');
  }
  const content = await openPledgeContent(ctx, pledge);
  const { id, receipt_id: receiptId } = pledge;
  await saveIntent(
    ctx.db,
    ctx.vault,
    {
      ...{ id, pledgeId: id, campaignId: campaign.id, locale: input.locale },
      words: await findWords(ctx, campaign.content, receiptId, content),
    },
    INTENT_LIFE_MS,
    secretHash(input.browser),
  );
  return ctx.vault.intentToken(id);
}
