import type { Context } from '../context.ts';
import { REFUSAL_REASONS, type RefusalReason } from '../domain/outcome.ts';
import type { Grant, Platform } from '../platforms/platform.ts';
import { findDeadReason, findLiveCredentials, markDead } from '../store/credential.ts';
import { openGrant } from './credential-access.ts';

/** Marks a credential dead whose grant the platform takes no more, with what is the matter with the account. */
export async function endCredential(
  ctx: Context,
  platform: Platform,
  id: string,
  grant: Grant,
): Promise<void> {
  await markDead(ctx.db, id, (await platform.whyDead?.(grant)) ?? null);
}

/** Why a post is refused whose grant is dead: the platform is asked before anybody is told to connect again. */
export async function deadReason(
  ctx: Context,
  platform: Platform | undefined,
  pledgeId: string,
): Promise<RefusalReason> {
  if (!platform?.whyDead) return 'reauthorize';
  const [live] = await findLiveCredentials(ctx.db, [pledgeId]);
  const reason = live
    ? await platform.whyDead(await openGrant(ctx, live))
    : readReason(await findDeadReason(ctx.db, pledgeId));
  return reason ?? 'reauthorize';
}

function readReason(text: string | null): RefusalReason | null {
  return REFUSAL_REASONS.find((known) => known === text) ?? null;
}
