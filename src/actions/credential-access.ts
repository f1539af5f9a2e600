import type { Context } from '../context.ts';
import type { Grant } from '../platforms/platform.ts';
import type { CredentialRecord } from '../store/credential.ts';
import type { Db } from '../store/database.ts';
import type { Place } from '../store/place.ts';
import { newRowId } from '../store/row-id.ts';

/** A grant as it lies in its sealed envelope. */
interface SealedGrant {
  accessToken: string;
  refreshToken: string | null;
  expiresAt: string | null;
  scope: string;
  extra?: Readonly<Record<string, string>>;
}

function placeOf(record: { id: string; campaignId: string; platform: string }): Place {
  return {
    column: 'credential.sealed',
    campaignId: record.campaignId,
    platform: record.platform,
    rowId: record.id,
  };
}

export async function sealGrant(
  ctx: Context,
  db: Db,
  record: { id: string; campaignId: string; platform: string },
  grant: Grant,
): Promise<Buffer> {
  const value: SealedGrant = { ...grant, expiresAt: grant.expiresAt?.toISOString() ?? null };
  return ctx.vault.seal(db, placeOf(record), value);
}

export async function openGrant(ctx: Context, record: CredentialRecord): Promise<Grant> {
  const value = await ctx.vault.open<SealedGrant>(ctx.db, placeOf(record), record.sealed);
  return { ...value, expiresAt: value.expiresAt === null ? null : new Date(value.expiresAt) };
}

/** A credential for a pledge, ready to be stored. */
export async function newCredential(
  ctx: Context,
  pledge: { id: string; campaignId: string; platform: string },
  grant: Grant,
): Promise<CredentialRecord & { expiresAt: Date | null }> {
  const record = { id: newRowId(), campaignId: pledge.campaignId, platform: pledge.platform };
  const sealed = await sealGrant(ctx, ctx.db, record, grant);
  return { ...record, pledgeId: pledge.id, sealed, expiresAt: grant.expiresAt };
}
