import { inParallel } from '../../async/in-parallel.ts';
import type { Context } from '../../context.ts';
import { errorWord } from '../../domain/error-word.ts';
import { GrantRefused } from '../../platforms/platform.ts';
import {
  type CredentialRecord,
  claimRevoking,
  destroyCredential,
  findAccountHash,
  isAccountNeeded,
} from '../../store/credential.ts';
import { openCredential } from './credential-access.ts';

const WIDTH = 4;
const PAGE = 50;
const HOLD_MS = 60_000;
/**
 * After the last try that is refused or not answered the token is destroyed all the same: it ends at the platform by itself. Each wait is twice the one
 * before, from HOLD_MS on, so that the last attempt is made after 17 hours: a grant outlives its pledge by less than a day.
 */
export const MAX_ATTEMPTS = 11;

/** Revokes retired credentials at their platform and destroys them here, page by page until none is due. */
export async function revokeRetired(ctx: Context): Promise<void> {
  for (;;) {
    const page = await claimRevoking(ctx.db, PAGE, HOLD_MS);
    if (page.length === 0 || ctx.stopping.aborted) return;
    await inParallel(page, WIDTH, (record) => revokeOne(ctx, record));
  }
}

async function revokeOne(
  ctx: Context,
  record: CredentialRecord & { attempts: number },
): Promise<void> {
  const platform = ctx.platforms.get(record.platform);
  try {
    const { grant, accountId } = await openCredential(ctx, record);
    if (platform?.sharesGrants && (await isNeeded(ctx, record, accountId))) {
      await destroyCredential(ctx.db, record.id);
      return;
    }
    if (platform) await platform.revoke(grant);
    else if (record.attempts < MAX_ATTEMPTS) return;
    ctx.crash('in-revoke');
  } catch (error) {
    const final = error instanceof GrantRefused || record.attempts >= MAX_ATTEMPTS;
    ctx.log.warn(
      { platform: record.platform, attempts: record.attempts, error: errorWord(error) },
      final ? 'not revoked at the platform; destroyed here' : 'not revoked yet',
    );
    if (!final) return;
  }
  await destroyCredential(ctx.db, record.id);
}

/** Revoking it would end what another pledge of the same account stands on. */
async function isNeeded(
  ctx: Context,
  { campaignId, platform, pledgeId }: CredentialRecord,
  accountId: string | null,
): Promise<boolean> {
  const accountHash =
    accountId === null
      ? await findAccountHash(ctx.db, pledgeId)
      : ctx.vault.accountHash(platform, accountId);
  return accountHash !== null && isAccountNeeded(ctx.db, { campaignId, platform, accountHash });
}
