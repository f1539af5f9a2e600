import type { Db } from '../connection/database.ts';
import type { SealContext } from './seal-context.ts';
import type { Vault } from './vault.ts';

/** What a pledge holds sealed: whose it is, and what they agreed to. One value, since a post needs all of it. */
export interface PledgeContent {
  account: { id: string; handle: string; unconfirmed?: true };
  /** How many people follow it, rounded and capped: see `keptFollowers`. Absent or null where the network does not tell. */
  followers?: number | null;
  /** Language of the text, BCP 47. */
  locale: string;
  text: string;
  /** What stands before the text; absent where nothing does. */
  contentWarning?: string;
  textHash: string;
  scope: string;
  policyVersion: string;
}

/** Which row of `pledge` it is, and as of which consent: what was agreed to before is not what is agreed to now. */
interface PledgeKey {
  id: string;
  campaignId: string;
  platform: string;
  consentedAt: Date;
}

function sealContext({ id, campaignId, platform, consentedAt }: PledgeKey): SealContext {
  const rowId = `${id}@${consentedAt.getTime()}`;
  return { column: 'pledge.sealed', campaignId, platform, rowId };
}

/** @throws NotFoundError when the campaign's key is destroyed. */
export function sealPledge(
  vault: Vault,
  db: Db,
  pledge: PledgeKey,
  content: PledgeContent,
): Promise<Buffer> {
  const { account, followers, locale, text, contentWarning, textHash } = content;
  const { scope, policyVersion } = content;
  // Nothing else that a platform may have told of the account.
  const { id, handle, unconfirmed } = account;
  const called = unconfirmed ? { id, handle, unconfirmed } : { id, handle };
  return vault.seal(db, sealContext(pledge), {
    ...(followers === undefined ? {} : { followers }),
    ...(contentWarning === undefined ? {} : { contentWarning }),
    ...{ account: called, locale, text, textHash, scope, policyVersion },
  });
}

/** @throws SealError; NotFoundError when the campaign's key is destroyed. */
export function openPledge(
  vault: Vault,
  db: Db,
  pledge: PledgeKey & { sealed: Buffer },
): Promise<PledgeContent> {
  return vault.open<PledgeContent>(db, sealContext(pledge), pledge.sealed);
}
