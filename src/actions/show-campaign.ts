import type { Context } from '../context.ts';
import type { FieldProblem } from '../domain/errors.ts';
import { NotFoundError } from '../domain/errors.ts';
import { publicCount } from '../domain/public-count.ts';
import type { SupporterField, SupporterValues } from '../domain/supporter-field.ts';
import type { Asked } from '../domain/where.ts';
import type { Platform } from '../platforms/platform.ts';
import { countAssistedPosts } from '../store/assisted-post.ts';
import { type CampaignRecord, findCampaignWithPledges, listCampaigns } from '../store/campaign.ts';
import { countDeliveries, type Totals } from '../store/report.ts';
import {
  blanksOf,
  type ComposedMessage,
  composeMessage,
  fitsOn,
  readBlanks,
} from './compose-message.ts';
import { offeredPlatforms } from './offered-platforms.ts';
import { isJoinable, isPublic } from './start-join.ts';

/** One way to join, or to have joined, with the text that it stands for. */
export interface OfferedMessage extends ComposedMessage {
  /** What a supporter has to tell first. */
  asks: Asked;
}

/** Everything the campaign's page shows. */
export interface PublicCampaign {
  campaign: CampaignRecord;
  /** Null while it is small; else rounded down. */
  joined: number | null;
  joinable: boolean;
  /** While it can be joined, the ways in; afterwards what each platform that is connected carries. */
  messages: readonly OfferedMessage[];
  blanks: readonly { name: SupporterField; value: string; problem: string | null }[];
  /** Once the moment is over. */
  totals: Totals | null;
  /** How many say that they posted by themselves. */
  byHand: number;
}

/** @throws NotFoundError for what the public may not see, too. */
export async function showCampaign(
  ctx: Context,
  input: { slug: string; textLocale: (campaign: CampaignRecord) => string; typed: SupporterValues },
): Promise<PublicCampaign> {
  const found = await findCampaignWithPledges(ctx.db, input.slug);
  const campaign = found?.campaign;
  if (!campaign || !isPublic(campaign)) throw new NotFoundError('There is no such campaign');
  const locale = input.textLocale(campaign);
  const blanks = blanksOf(campaign.content, locale);
  const { values, problems } = readBlanks(blanks, input.typed);
  const joinable = isJoinable(ctx, campaign);
  const platforms = joinable ? await offeredPlatforms(ctx) : [...ctx.platforms.values()];
  const over = campaign.state === 'firing' || campaign.state === 'settled';
  return {
    campaign,
    joined: publicCount(found.pledges),
    joinable,
    messages: messagesOn(platforms, campaign, locale, values),
    blanks: blanks.map((name) => ({
      name,
      value: input.typed[name] ?? '',
      problem: problemOf(problems, name),
    })),
    totals: over ? await countDeliveries(ctx.db, campaign.id) : null,
    byHand: over ? await countAssistedPosts(ctx.db, campaign.id) : 0,
  };
}

/** A platform that the message does not fit has none. */
function messagesOn(
  platforms: readonly Platform[],
  { content }: CampaignRecord,
  locale: string,
  values: SupporterValues,
): OfferedMessage[] {
  return platforms
    .filter(({ textRule }) => fitsOn(content, locale, textRule))
    .map(({ textRule, asks }) => ({ ...composeMessage(content, locale, values, textRule), asks }));
}

function problemOf(problems: readonly FieldProblem[], name: string): string | null {
  return problems.find((problem) => problem.field === name)?.message ?? null;
}

/** Campaigns that the public may see, the next moment first. */
export async function listPublicCampaigns(ctx: Context): Promise<CampaignRecord[]> {
  return listCampaigns(ctx.db, ['open', 'locked', 'firing', 'settled']);
}
