import type { Context } from '../../context.ts';
import type { CampaignState } from '../../domain/campaign.ts';
import { publicReach } from '../../domain/public-count.ts';
import { toWordings } from '../../domain/words.ts';
import type { CampaignRecord } from '../../store/campaign.ts';
import { type CampaignUpdateRecord, listUpdates } from '../../store/campaign-update.ts';
import { findPicture, type PictureRecord } from '../../store/picture.ts';
import type { Totals } from '../../store/report.ts';
import {
  type ComposedMessage,
  composeMessage,
  fitsPlatform,
  messageWords,
} from '../message/compose-message.ts';
import { openPlatforms } from '../platform/offered-platforms.ts';
import { countEnding, countJoined } from './count-joined.ts';
import { findPublicCampaign, isJoinable } from './find-campaign.ts';
import { MAX_UPDATES } from './post-update.ts';
import { type BurstFigures, readBurst } from './read-burst.ts';

/** Everything the campaign's page shows. */
export interface PublicCampaign {
  campaign: CampaignRecord;
  /** As it is shown: joining has closed before it is locked, and it is over once nothing is being sent. */
  state: CampaignState;
  /** Null while it is small; else rounded down, and up to an hour old; see countJoined. */
  joined: number | null;
  /** How many people follow those whose posts went out; null before the result, where they are few, or nothing is known. */
  reach: number | null;
  joinable: boolean;
  /** Whole days until the moment, by the database's clock; 0 on the last and afterwards. */
  daysLeft: number;
  /** The message where it can be joined with, and afterwards on each platform that is connected. */
  messages: readonly ComposedMessage[];
  picture: PictureRecord | null;
  /** The newest first. */
  updates: readonly CampaignUpdateRecord[];
  /** How many wordings there are to choose from, the message among them. */
  wordings: number;
  /** Once the moment is over. */
  totals: Totals | null;
  /** Platforms that did not take a post, as people call them; empty before the result. */
  refusedBy: readonly string[];
  /** How many say that they posted by themselves. */
  byHand: number;
  /** Once all of it is over. */
  burst: BurstFigures | null;
}

/** @throws NotFoundError for what the public may not see, too. */
export async function showCampaign(
  ctx: Context,
  input: { slug: string; textLocale: (campaign: CampaignRecord) => string },
): Promise<PublicCampaign> {
  const campaign = await findPublicCampaign(ctx, { slug: input.slug });
  const { content } = campaign;
  const locale = input.textLocale(campaign);
  const joinable = isJoinable(ctx, campaign);
  const platforms = joinable ? await openPlatforms(ctx) : [...ctx.platforms.values()];
  const over = campaign.state === 'firing' || campaign.state === 'settled';
  const state = campaign.state === 'open' && !joinable ? 'locked' : campaign.state;
  const joined = await countJoined(ctx, campaign);
  const ending = over ? await countEnding(ctx, campaign) : null;
  const shown = ending?.state ?? state;
  return {
    campaign,
    state: shown,
    joined,
    // Not before: a sum that changes while people join says who has just joined.
    reach: ending && shown === 'settled' ? publicReach(campaign.reach, ending.totals.posted) : null,
    joinable,
    daysLeft: wholeDays(campaign.moment.instant.getTime() - ctx.clock.now()),
    messages: platforms
      .filter(({ textRule }) => fitsPlatform(content, locale, textRule))
      .map(({ textRule }) => composeMessage(content, messageWords(locale), textRule)),
    picture: content.picture ? await findPicture(ctx.db, campaign.id) : null,
    updates: await listUpdates(ctx.db, campaign.id, MAX_UPDATES),
    wordings: toWordings(content, locale).length,
    totals: ending?.totals ?? null,
    refusedBy: ending?.refusedBy ?? [],
    byHand: ending?.byHand ?? 0,
    burst:
      ending && shown === 'settled'
        ? await readBurst(ctx, campaign.id, ending.totals.posted)
        : null,
  };
}

const DAY_MS = 86_400_000;

function wholeDays(ms: number): number {
  return Math.max(0, Math.floor(ms / DAY_MS));
}
