import { inParallel } from '../../async/in-parallel.ts';
import type { Context } from '../../context.ts';
import { errorWord } from '../../domain/error-word.ts';
import type { Platform } from '../../platforms/platform.ts';
import { findLiveCredentials } from '../../store/credential.ts';
import { listActivePledges, resealPledge, type SealedPledge } from '../../store/pledge.ts';
import { openPledge, sealPledge } from '../../store/vault/sealed-pledge.ts';
import { openGrant } from './credential-access.ts';

/** Pledges that are looked at at a time. */
const WIDTH = 8;

/**
 * Asks the platform again for the handles that could not be confirmed at join, and stores those that it confirms. No request starts
 * after `endsAt` (database epoch milliseconds). A pledge whose look-up fails is logged and skipped.
 */
export async function confirmHandles(
  ctx: Context,
  platform: Platform,
  pledgeIds: readonly string[],
  endsAt: number,
): Promise<void> {
  if (!platform.confirmsHandles) return;
  await inParallel(await listActivePledges(ctx.db, pledgeIds), WIDTH, async (pledge) => {
    if (ctx.stopping.aborted || ctx.clock.now() >= endsAt) return;
    await confirmHandle(ctx, platform, pledge).catch((error: unknown) => {
      const said = { platform: platform.name, error: errorWord(error) };
      ctx.log.warn(said, 'a handle could not be confirmed');
    });
  });
}

async function confirmHandle(ctx: Context, platform: Platform, pledge: SealedPledge) {
  const content = await openPledge(ctx.vault, ctx.db, pledge);
  if (!content.account.unconfirmed) return;
  const [live] = await findLiveCredentials(ctx.db, [pledge.id]);
  if (!live) return;
  const { id, handle, unconfirmed } = await platform.whoAmI(await openGrant(ctx, live));
  if (unconfirmed || id !== content.account.id) return;
  const sealed = await sealPledge(ctx.vault, ctx.db, pledge, {
    ...content,
    account: { id, handle },
  });
  await resealPledge(ctx.db, { ...pledge, sealed });
}
