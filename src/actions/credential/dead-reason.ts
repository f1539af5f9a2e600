import type { Context } from '../../context.ts';
import { REFUSAL_REASONS, type RefusalReason } from '../../domain/outcome.ts';
import type { Platform } from '../../platforms/platform.ts';
import { findDeadReason, findLiveCredentials, markDead } from '../../store/credential.ts';
import { type OpenCredential, openCredential } from './credential-access.ts';

/**
 * Marks a credential dead whose grant the platform takes no more, with what is the matter with the account. `reason`: where that
 * has been told; else the platform is asked.
 */
export async function endCredential(
  ctx: Context,
  platform: Platform,
  id: string,
  { grant, accountId }: OpenCredential,
  reason?: RefusalReason,
): Promise<void> {
  await markDead(ctx.db, id, reason ?? (await platform.whyDead?.(grant, accountId)) ?? null);
}

/** Why a post is refused whose grant is dead: the platform is asked before anybody is told to connect again. */
export async function deadReason(
  ctx: Context,
  platform: Platform | undefined,
  pledgeId: string,
): Promise<RefusalReason> {
  if (!platform) return 'reauthorize';
  const [live] = await findLiveCredentials(ctx.db, [pledgeId]);
  if (!live) return readReason(await findDeadReason(ctx.db, pledgeId)) ?? 'reauthorize';
  if (!platform.whyDead) return 'reauthorize';
  const { grant, accountId } = await openCredential(ctx, live);
  return (await platform.whyDead(grant, accountId)) ?? 'reauthorize';
}

/** Reasons behind which a better one may stand, that the platform tells when it is asked. */
const VAGUE: ReadonlySet<RefusalReason> = new Set(['account_locked', 'posting_barred']);

/** The true reason of a refusal, as far as it can be learnt. */
export async function trueReason(
  ctx: Context,
  platform: Platform | undefined,
  pledgeId: string,
  reason: RefusalReason,
): Promise<RefusalReason> {
  if (!platform?.whyDead || !VAGUE.has(reason)) return reason;
  const [live] = await findLiveCredentials(ctx.db, [pledgeId]);
  if (!live) return reason;
  const { grant, accountId } = await openCredential(ctx, live);
  return (await platform.whyDead(grant, accountId)) ?? reason;
}

function readReason(text: string | null): RefusalReason | null {
  return REFUSAL_REASONS.find((known) => known === text) ?? null;
}
