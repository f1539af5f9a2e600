import type { Context } from '../../context.ts';
import { ON_COURSE } from '../../domain/campaign.ts';
import { ConflictError, InputError } from '../../domain/errors.ts';
import { countsFor } from '../../domain/public-post.ts';
import { CONFIRM_POST_MS } from '../../domain/reminder.ts';
import { ourOrigin } from '../../outbound/ssrf-guard.ts';
import { type ClaimedPost, claimedPost } from '../../platforms/claimed-post.ts';
import { insertAssistedPost } from '../../store/assisted-post.ts';
import type { CampaignRecord } from '../../store/campaign.ts';
import { notify } from '../../store/connection/database.ts';
import { findPublicCampaign } from '../campaign/find-campaign.ts';
import { getLookups } from '../join/lookups.ts';

/**
 * Whether people can say now that they posted by themselves: from the moment on, for a week, but no longer than the keys that it is
 * told by whether they said so before.
 */
export function takesPosts(ctx: Context, campaign: CampaignRecord): boolean {
  const { state, moment, keysDestroyedAt } = campaign;
  if (keysDestroyedAt !== null) return false;
  const since = ctx.clock.now() - moment.instant.getTime();
  return ON_COURSE.includes(state) && since >= 0 && since < CONFIRM_POST_MS;
}

/**
 * Counts a post that a supporter made by hand, once, by a keyed hash of its address; the address is kept nowhere. Where its
 * network shows posts without a login it is looked at, once and now; true when it was seen, and counts in public.
 * @throws NotFoundError; ConflictError `not_now`; InputError `url`.
 */
export async function confirmPost(
  ctx: Context,
  input: { id: string; url: string },
): Promise<boolean> {
  const campaign = await findPublicCampaign(ctx, { id: input.id });
  if (!takesPosts(ctx, campaign)) throw new ConflictError('not_now', 'Not before the moment');
  const claimed = isOurs(ctx, campaign, input.url) ? null : claimedPost(input.url, isPrivate(ctx));
  if (claimed === null) {
    throw new InputError([{ field: 'url', message: 'is not the address of a post' }]);
  }
  const seen = await isSeen(ctx, campaign, claimed);
  const hash = ctx.vault.linkHash(campaign.id, claimed.key);
  const fresh = await insertAssistedPost(ctx.db, campaign.id, hash, seen);
  if (fresh) await notify(ctx.db, 'delivery', campaign.id);
  return seen;
}

/** Whether we can see the post, and it is one for this campaign. What cannot be read is not seen. */
async function isSeen(ctx: Context, campaign: CampaignRecord, post: ClaimedPost): Promise<boolean> {
  const platform = ctx.platforms.get(post.platform);
  const read = platform?.readPublicPost?.bind(platform);
  if (!platform || !read) return false;
  // Its server where it has one of its own, else its account.
  const [, , account = ''] = post.address.pathname.split('/');
  const asked = platform.requires === 'handle' ? account : post.address.host;
  try {
    const found = await getLookups(ctx).ask(platform.name, asked, () => read(post.address));
    if (found === null) return false;
    const pages = [`${ctx.baseUrl}/c/${campaign.slug}`];
    const when = { moment: campaign.moment.instant, now: new Date(ctx.clock.now()), pages };
    return countsFor(found, campaign.content, when);
  } catch (error) {
    // Not the address: it may say who it was.
    const { name } = error as Error;
    ctx.log.info({ platform: platform.name, error: name }, 'a post that was told of was not seen');
    return false;
  }
}

/** Hosts of the operator's own, such as a simulator. */
function isPrivate(ctx: Context): (host: string) => boolean {
  const hosts = ctx.config.platforms.privateHosts.map((host) => new URL(ourOrigin(host)).host);
  return (host) => hosts.includes(host.toLowerCase());
}

/** The campaign's own link, and pages of this instance, are what people paste by mistake. */
function isOurs(ctx: Context, campaign: CampaignRecord, text: string): boolean {
  if (!URL.canParse(text.trim())) return false;
  const { host, pathname } = new URL(text.trim());
  const link = new URL(campaign.content.link);
  return host === new URL(ctx.baseUrl).host || (host === link.host && pathname === link.pathname);
}
