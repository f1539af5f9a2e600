import type { Context } from '../../context.ts';
import { ConflictError, NotFoundError } from '../../domain/errors.ts';
import { secretHash } from '../../secret-token.ts';
import { type IntentRecord, isIntentOfBrowser } from '../../store/intent.ts';
import { findPledge, type PledgeRecord } from '../../store/pledge.ts';
import type { PledgeContent } from '../../store/vault/sealed-pledge.ts';
import { openPledgeContent } from './receipt-access.ts';

/** A pledge that is connected again, and what was agreed to with it: that is posted, whatever has become of the words since. */
export interface AgainPledge {
  pledge: PledgeRecord;
  content: PledgeContent;
}

/**
 * The pledge that a page is for; null for a new pledge. The page names the account's server and leads to the receipt, so that it
 * is shown to the browser of the receipt alone. @throws NotFoundError; ConflictError `elsewhere`.
 */
export async function findAgainPledge(
  ctx: Context,
  { id, pledgeId }: IntentRecord,
  browser: string,
): Promise<AgainPledge | null> {
  if (pledgeId === undefined) return null;
  if (!(await isIntentOfBrowser(ctx.db, id, secretHash(browser)))) {
    throw new ConflictError('elsewhere', 'It was begun in another browser');
  }
  const pledge = await findPledge(ctx.db, pledgeId);
  if (pledge?.state !== 'active') throw new NotFoundError('There is no such pledge any more');
  return { pledge, content: await openPledgeContent(ctx, pledge) };
}
