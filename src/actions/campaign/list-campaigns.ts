import type { Context } from '../../context.ts';
import { InputError, NotFoundError } from '../../domain/errors.ts';
import { type CampaignRecord, findCampaign } from '../../store/campaign.ts';
import {
  type CampaignPage,
  listComing,
  listEvery,
  listPast,
  listSettled,
  listWaiting,
  type PageRequest,
} from '../../store/campaign-list.ts';
import { countPledges } from '../../store/pledge.ts';
import { isCampaignPublic } from './find-campaign.ts';

/**
 * The lists that operators have. `waiting`: for a decision, before their moment; `coming`: open, locked or firing; `past`: the
 * others. `waiting` and `coming` begin with the next moment, `past` and `all` with the latest.
 */
export const CAMPAIGN_LISTS = ['waiting', 'coming', 'past', 'all'] as const;
export type CampaignList = (typeof CAMPAIGN_LISTS)[number];
/** The lists that everybody has, of campaigns that were approved. */
export const PUBLIC_LISTS = ['coming', 'past'] as const;
export type PublicList = (typeof PUBLIC_LISTS)[number];

/** The most campaigns that one page may hold. */
export const MAX_PAGE = 200;

const LISTS = { waiting: listWaiting, coming: listComing, past: listPast, all: listEvery };
const PUBLIC = { coming: listComing, past: listSettled };

/** A page of a list, with the active pledges of each campaign. */
export interface CountedPage {
  campaigns: readonly { campaign: CampaignRecord; pledges: number }[];
  /** Slug that the next page begins after; null on the last one. */
  next: string | null;
}

/** A page of a list, for operators. @throws InputError where no campaign is called `after`. */
export async function listCampaigns(
  ctx: Context,
  { list, ...page }: { list: CampaignList } & PageRequest,
): Promise<CountedPage> {
  if (page.after !== null && !(await findLast(ctx, page.after))) {
    const message = `there is no campaign "${page.after}"; give the "next" of the page before`;
    throw new InputError([{ field: 'after', message }]);
  }
  const { campaigns, next } = await LISTS[list](ctx.db, page);
  const ids = campaigns.map(({ id }) => id);
  const pledges = await countPledges(ctx.db, ids);
  const counted = campaigns.map((campaign) => ({
    campaign,
    pledges: pledges.get(campaign.id) ?? 0,
  }));
  return { campaigns: counted, next };
}

/** A page of a list that everybody may see. @throws NotFoundError where no public campaign is called `after`. */
export async function listPublicCampaigns(
  ctx: Context,
  { list, ...page }: { list: PublicList } & PageRequest,
): Promise<CampaignPage> {
  if (page.after !== null) {
    const last = await findLast(ctx, page.after);
    if (!last || !isCampaignPublic(last))
      throw new NotFoundError('There is no such page; begin with the first', 'after');
  }
  return PUBLIC[list](ctx.db, page);
}

/** PostgreSQL takes no NUL in a text, so only what may be a slug is looked for. */
async function findLast(ctx: Context, slug: string): Promise<CampaignRecord | null> {
  return /^[\w-]{1,200}$/.test(slug) ? findCampaign(ctx.db, { slug }) : null;
}
