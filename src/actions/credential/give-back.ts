import type { Context } from '../../context.ts';
import type { Db } from '../../store/connection/database.ts';
import { isAccountNeeded, retireCredentials } from '../../store/credential.ts';
import { forgetCredentials } from '../../store/erase.ts';
import type { PledgeRecord } from '../../store/pledge.ts';

/**
 * Gives the grants of a pledge that is being erased to the revoker; where giving one back would end what another pledge of the same
 * account stands on, it is only forgotten. Before the erasing, since it asks for the account.
 */
export async function giveBack(ctx: Context, db: Db, pledge: PledgeRecord): Promise<void> {
  const { id, campaign_id: campaignId, platform, account_hash: accountHash } = pledge;
  await retireCredentials(db, id);
  if (!ctx.platforms.get(platform)?.sharesGrants || accountHash === null) return;
  if (await isAccountNeeded(db, { campaignId, platform, accountHash })) {
    await forgetCredentials(db, id);
  }
}

/** The sweep would do it, too, a second later. */
export async function wakeRevoker(ctx: Context): Promise<void> {
  try {
    await ctx.queues.enqueue('revoke', {});
  } catch (error) {
    ctx.log.warn({ error: (error as Error).message }, 'alarm not set; the sweep will do');
  }
}
