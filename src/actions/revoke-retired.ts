import type { Context } from '../context.ts';
import { GrantRefused } from '../platforms/platform.ts';
import {
  type CredentialRecord,
  claimRevoking,
  destroyCredential,
  isAccountNeeded,
} from '../store/credential.ts';
import { openGrant } from './credential-access.ts';
import { errorWord } from './error-word.ts';
import { inParallel } from './in-parallel.ts';

const WIDTH = 4;
const PAGE = 50;
const HOLD_MS = 60_000;
/** After so many refusals or silences the token is destroyed all the same: it ends at the platform by itself. */
const MOST_ATTEMPTS = 5;

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
    if (platform?.sharesGrants && (await isAccountNeeded(ctx.db, record.pledgeId))) {
      await destroyCredential(ctx.db, record.id);
      return;
    }
    if (platform) await platform.revoke(await openGrant(ctx, record));
    else if (record.attempts < MOST_ATTEMPTS) return;
  } catch (error) {
    const final = error instanceof GrantRefused || record.attempts >= MOST_ATTEMPTS;
    ctx.log.warn(
      { platform: record.platform, attempts: record.attempts, error: errorWord(error) },
      final ? 'not revoked at the platform; destroyed here' : 'not revoked yet',
    );
    if (!final) return;
  }
  await destroyCredential(ctx.db, record.id);
}
