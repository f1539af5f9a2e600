import type { Context } from '../../context.ts';
import { secretHash } from '../../secret-token.ts';
import { isIntentOfBrowser } from '../../store/intent.ts';
import { findPledge, listPledges } from '../../store/pledge.ts';

/** The receipt that an intent belongs to: its own, or its pledge's where that is connected again. Null where there is none yet. */
export async function receiptBehind(ctx: Context, intentId: string): Promise<string | null> {
  if ((await listPledges(ctx.db, intentId)).length > 0) return intentId;
  const pledge = await findPledge(ctx.db, intentId);
  return pledge && !pledge.erased ? pledge.receipt_id : null;
}

/**
 * The receipt of somebody who has joined already, by the page on which they go on from it; null where there is none, or this browser is
 * not the one that goes on.
 */
export async function receiptOfPage(
  ctx: Context,
  input: { intentToken: string; browser: string },
): Promise<string | null> {
  const id = ctx.vault.readIntentToken(input.intentToken);
  if (id === null || !(await isIntentOfBrowser(ctx.db, id, secretHash(input.browser)))) return null;
  const receiptId = await receiptBehind(ctx, id);
  return receiptId === null ? null : ctx.vault.receiptToken(receiptId);
}
