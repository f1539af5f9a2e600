import type { Context } from '../context.ts';
import { ConflictError, InputError } from '../domain/errors.ts';
import { CONFIRM_POST_MS } from '../domain/reminder.ts';
import { postKeyOf } from '../platforms/compose.ts';
import { insertAssistedPost } from '../store/assisted-post.ts';
import type { CampaignRecord } from '../store/campaign.ts';
import { notify } from '../store/database.ts';
import { findPublicCampaign } from './find-campaign.ts';

/** Whether people can say now that they posted by themselves: from the moment on, for a week. */
export function takesPosts(ctx: Context, { state, moment }: CampaignRecord): boolean {
  const since = ctx.clock.now() - moment.instant.getTime();
  return (
    ['open', 'locked', 'firing', 'settled'].includes(state) && since >= 0 && since < CONFIRM_POST_MS
  );
}

/**
 * Counts a post that somebody made by themselves, once, by a keyed hash of its address; the address is kept nowhere.
 * @throws NotFoundError; ConflictError `not_now`; InputError `url`.
 */
export async function confirmPost(ctx: Context, input: { id: string; url: string }): Promise<void> {
  const campaign = await findPublicCampaign(ctx, { id: input.id });
  if (!takesPosts(ctx, campaign)) throw new ConflictError('not_now', 'Not before the moment');
  const key = isOurs(ctx, campaign, input.url) ? null : postKeyOf(input.url);
  if (key === null) {
    throw new InputError([{ field: 'url', message: 'is not the address of a post' }]);
  }
  const fresh = await insertAssistedPost(ctx.db, campaign.id, ctx.vault.linkHash(campaign.id, key));
  if (fresh) await notify(ctx.db, 'delivery', campaign.id);
}

/** The campaign's own link, and pages of this instance, are what people paste by mistake. */
function isOurs(ctx: Context, campaign: CampaignRecord, text: string): boolean {
  if (!URL.canParse(text.trim())) return false;
  const { host, pathname } = new URL(text.trim());
  const link = new URL(campaign.content.link);
  return host === new URL(ctx.baseUrl).host || (host === link.host && pathname === link.pathname);
}
