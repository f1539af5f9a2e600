import type { Context } from '../context.ts';
import { NotFoundError } from '../domain/errors.ts';
import { publicCount } from '../domain/public-count.ts';
import { wordingsOf } from '../domain/words.ts';
import { countAssistedPosts } from '../store/assisted-post.ts';
import { type CampaignRecord, findCampaignWithPledges, listCampaigns } from '../store/campaign.ts';
import { countDeliveries, type Totals } from '../store/report.ts';
import { type ComposedMessage, composeMessage, fitsOn, messageWords } from './compose-message.ts';
import { isJoinable, isPublic } from './find-campaign.ts';
import { offeredPlatforms } from './offered-platforms.ts';

/** Everything the campaign's page shows. */
export interface PublicCampaign {
  campaign: CampaignRecord;
  /** Null while it is small; else rounded down. */
  joined: number | null;
  joinable: boolean;
  /** The message where it can be joined with, and afterwards on each platform that is connected. */
  messages: readonly ComposedMessage[];
  /** How many wordings there are to choose from, the message among them. */
  wordings: number;
  /** Once the moment is over. */
  totals: Totals | null;
  /** How many say that they posted by themselves. */
  byHand: number;
}

/** @throws NotFoundError for what the public may not see, too. */
export async function showCampaign(
  ctx: Context,
  input: { slug: string; textLocale: (campaign: CampaignRecord) => string },
): Promise<PublicCampaign> {
  const found = await findCampaignWithPledges(ctx.db, input.slug);
  const campaign = found?.campaign;
  if (!campaign || !isPublic(campaign)) throw new NotFoundError('There is no such campaign');
  const { content } = campaign;
  const locale = input.textLocale(campaign);
  const joinable = isJoinable(ctx, campaign);
  const platforms = joinable ? await offeredPlatforms(ctx) : [...ctx.platforms.values()];
  const over = campaign.state === 'firing' || campaign.state === 'settled';
  return {
    campaign,
    joined: publicCount(found.pledges),
    joinable,
    messages: platforms
      .filter(({ textRule }) => fitsOn(content, locale, textRule))
      .map(({ textRule }) => composeMessage(content, messageWords(locale), textRule)),
    wordings: wordingsOf(content, locale).length,
    totals: over ? await countDeliveries(ctx.db, campaign.id) : null,
    byHand: over ? await countAssistedPosts(ctx.db, campaign.id) : 0,
  };
}

/** Campaigns that the public may see, the next moment first. */
export async function listPublicCampaigns(ctx: Context): Promise<CampaignRecord[]> {
  return listCampaigns(ctx.db, ['open', 'locked', 'firing', 'settled']);
}
