import type { Context } from '../../context.ts';
import { UNAPPROVED } from '../../domain/campaign.ts';
import { ConflictError, NotFoundError, noCampaign } from '../../domain/errors.ts';
import { type CampaignRecord, findCampaign } from '../../store/campaign.ts';

/** A campaign in whatever state, for those who work on it. @throws NotFoundError */
export async function findNamed(ctx: Context, slug: string): Promise<CampaignRecord> {
  const campaign = await findCampaign(ctx.db, { slug });
  if (!campaign) throw noCampaign(slug);
  return campaign;
}

/** A campaign that the public may see. @throws NotFoundError for any other. */
export async function findPublicCampaign(
  ctx: Context,
  by: { id: string } | { slug: string },
): Promise<CampaignRecord> {
  const campaign = await findCampaign(ctx.db, by);
  if (!campaign || !isCampaignPublic(campaign))
    throw new NotFoundError('There is no such campaign');
  return campaign;
}

/** Whether the public may see a campaign: once it has been approved. */
export function isCampaignPublic(campaign: CampaignRecord): boolean {
  return !UNAPPROVED.includes(campaign.state) && campaign.state !== 'rejected';
}

/** Whether it can be joined now, by the database's clock. */
export function isJoinable(ctx: Context, campaign: CampaignRecord): boolean {
  return campaign.state === 'open' && ctx.clock.now() < campaign.lockAt.getTime();
}

/** One that can be joined. @throws NotFoundError; ConflictError `closed`. */
export async function findJoinable(
  ctx: Context,
  by: { id: string } | { slug: string },
): Promise<CampaignRecord> {
  const campaign = await findPublicCampaign(ctx, by);
  if (!isJoinable(ctx, campaign)) throw joiningClosed();
  return campaign;
}

export function joiningClosed(): ConflictError {
  return new ConflictError('closed', 'Joining has closed');
}
