import type { Context } from '../../context.ts';
import { NotFoundError } from '../../domain/errors.ts';
import { findCampaign } from '../../store/campaign.ts';
import type { Db } from '../../store/connection/database.ts';
import { findPictureBytes } from '../../store/picture.ts';
import { isCampaignPublic } from './find-campaign.ts';

/** One width of a campaign's picture, as it goes over the wire. */
export interface ShownPicture {
  bytes: Buffer;
  /** Whether everybody may see it; else it is for operators alone. */
  open: boolean;
}

/** Pictures kept in memory, each some 100 KB: a mail to a million people does not read them from the database. */
const MAX_PICTURES = 64;
const kept = new WeakMap<Db, Map<string, Buffer>>();

/** By what stands in its address; a campaign that has been public stays so. @throws NotFoundError */
export async function showPicture(
  ctx: Context,
  input: { slug: string; hash: string; width: number },
): Promise<ShownPicture> {
  const { slug, hash, width } = input;
  const memory = kept.get(ctx.db) ?? new Map<string, Buffer>();
  kept.set(ctx.db, memory);
  const key = `${slug} ${hash} ${width}`;
  const known = memory.get(key);
  if (known) return { bytes: known, open: true };
  const campaign = await findCampaign(ctx.db, { slug });
  const bytes =
    campaign && (await findPictureBytes(ctx.db, { campaignId: campaign.id, hash, width }));
  if (!bytes) throw new NotFoundError('There is no such picture');
  if (!isCampaignPublic(campaign)) return { bytes, open: false };
  memory.set(key, bytes);
  const [oldest] = memory.size > MAX_PICTURES ? memory.keys() : [];
  if (oldest !== undefined) memory.delete(oldest);
  return { bytes, open: true };
}
