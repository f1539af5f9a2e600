import type { Context } from '../../context.ts';
import type { Grant } from '../../platforms/platform.ts';
import type { Db } from '../../store/connection/database.ts';
import type { CredentialRecord } from '../../store/credential.ts';
import { newRowId } from '../../store/row-id.ts';
import type { SealContext } from '../../store/vault/seal-context.ts';

/** A grant as it lies in its sealed envelope. */
interface SealedGrant {
  accessToken: string;
  refreshToken: string | null;
  expiresAt: string | null;
  scope: string;
  extra?: Readonly<Record<string, string>>;
  /** Whose it is, since the revoker may come to it when the pledge has been erased; missing in those from before. */
  accountId?: string;
}

function sealContext(record: { id: string; campaignId: string; platform: string }): SealContext {
  return {
    column: 'credential.sealed',
    campaignId: record.campaignId,
    platform: record.platform,
    rowId: record.id,
  };
}

/** `accountId`: whose it is; null where the records do not say any more. */
export async function sealGrant(
  ctx: Context,
  db: Db,
  record: { id: string; campaignId: string; platform: string },
  grant: Grant,
  accountId: string | null,
): Promise<Buffer> {
  const value: SealedGrant = {
    ...grant,
    expiresAt: grant.expiresAt?.toISOString() ?? null,
    ...(accountId !== null && { accountId }),
  };
  return ctx.vault.seal(db, sealContext(record), value);
}

export async function openGrant(ctx: Context, record: CredentialRecord): Promise<Grant> {
  return (await openCredential(ctx, record)).grant;
}

/** A grant, and whose it is; null where that is not in the envelope. */
export interface OpenCredential {
  grant: Grant;
  accountId: string | null;
}

export async function openCredential(
  ctx: Context,
  record: CredentialRecord,
): Promise<OpenCredential> {
  const { accountId = null, ...value } = await ctx.vault.open<SealedGrant>(
    ctx.db,
    sealContext(record),
    record.sealed,
  );
  const expiresAt = value.expiresAt === null ? null : new Date(value.expiresAt);
  return { grant: { ...value, expiresAt }, accountId };
}

/** A credential for a pledge, ready to be stored. */
export async function newCredential(
  ctx: Context,
  pledge: { id: string; campaignId: string; platform: string },
  grant: Grant,
  accountId: string | null,
  id: string = newRowId(),
): Promise<CredentialRecord & { expiresAt: Date | null }> {
  const record = { id, campaignId: pledge.campaignId, platform: pledge.platform };
  const sealed = await sealGrant(ctx, ctx.db, record, grant, accountId);
  return { ...record, pledgeId: pledge.id, sealed, expiresAt: grant.expiresAt };
}
