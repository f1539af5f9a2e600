import type { Context } from '../../context.ts';
import { errorWord } from '../../domain/error-word.ts';
import { Challenged } from '../../outbound/challenge.ts';
import { AccountUnfit, GrantRefused } from '../../platforms/platform.ts';
import { claimRefresh, releaseRefresh, storeRefreshed } from '../../store/credential.ts';
import { newRowId } from '../../store/row-id.ts';
import { type OpenCredential, openCredential, sealGrant } from './credential-access.ts';
import { endCredential } from './dead-reason.ts';

/**
 * `busy`: another process is refreshing it, or there is none. `failed`: the platform did not answer; `challenged`: a shield before
 * it did. Both can be tried again.
 */
export type RefreshResult = 'refreshed' | 'busy' | 'dead' | 'failed' | 'challenged';

/** Longer than a token call may take, so that the right to refresh never ends under a call that still runs. */
const HOLD_MS = 60_000;

/**
 * Refreshes the credential of one pledge. One refresher at a time on an account: refresh tokens are single-use, and
 * using one twice kills the whole grant. The new pair is stored before anybody uses it.
 */
export async function refreshCredential(ctx: Context, pledgeId: string): Promise<RefreshResult> {
  const record = await claimRefresh(ctx.db, pledgeId, HOLD_MS);
  const platform = record ? ctx.platforms.get(record.platform) : undefined;
  if (!record) return 'busy';
  if (!platform) {
    await releaseRefresh(ctx.db, record.id);
    return 'failed';
  }
  let opened: OpenCredential | null = null;
  try {
    opened = await openCredential(ctx, record);
    const fresh = await platform.refresh(opened.grant);
    // The old pair is used up and the new one is nowhere but here: dying now costs this one supporter a reconnect.
    ctx.crash('in-refresh');
    const id = newRowId();
    const sealed = await sealGrant(ctx, ctx.db, { ...record, id }, fresh, opened.accountId);
    await storeRefreshed(ctx.db, record.id, { id, sealed, expiresAt: fresh.expiresAt });
    return 'refreshed';
  } catch (error) {
    // What is wrong with an account may be mended before the moment.
    if (opened && error instanceof GrantRefused && !(error instanceof AccountUnfit)) {
      await endCredential(ctx, platform, record.id, opened);
      return 'dead';
    }
    // No answer: whether the old refresh token still works is not known, and asking again is the only way to find out.
    await releaseRefresh(ctx.db, record.id);
    ctx.log.warn({ platform: record.platform, error: errorWord(error) }, 'refresh failed');
    return error instanceof Challenged ? 'challenged' : 'failed';
  }
}
