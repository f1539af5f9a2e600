import type { FastifyReply, FastifyRequest } from 'fastify';
import { describeRules } from '../actions/campaign/check-moment.ts';
import {
  type CampaignList,
  type CountedPage,
  listCampaigns,
} from '../actions/campaign/list-campaigns.ts';
import { checkReadiness } from '../actions/health/check-readiness.ts';
import { offeredPlatforms } from '../actions/platform/offered-platforms.ts';
import { showHolds } from '../actions/stop/show-holds.ts';
import type { Context } from '../context.ts';
import { operatorHomePage } from '../web/index.ts';
import type { ListView } from '../web/views/campaign.ts';
import type { OperatorCampaign } from '../web/views/operator.ts';
import { sendHtml } from './pages.ts';
import {
  findingView,
  holdView,
  momentView,
  titleForOperators,
  wideStops,
} from './views/campaign-views.ts';

/** Where the form to sign out posts to, on every page for operators. */
export const SIGN_OUT = '/ops/sign-out';

/** The lists on the page, in their order there. */
const LISTS = ['waiting', 'coming', 'past'] as const satisfies readonly CampaignList[];
/** Campaigns on one page, of each list. */
const LIST_SIZE = 50;

/** A further page of one of the lists. */
export interface ListPosition {
  list: (typeof LISTS)[number];
  after: string;
}

/** Null for the first page, which has all lists. */
export function readListPosition(request: FastifyRequest): ListPosition | null {
  const { list, after } = request.query as Record<string, unknown>;
  const known = LISTS.find((name) => name === list);
  return known && typeof after === 'string' ? { list: known, after } : null;
}

/** All campaigns, page by page, and what can be stopped. `problem`: why what was just asked for could not be done. */
export async function sendOperatorHome(
  ctx: Context,
  reply: FastifyReply,
  problem: string | null = null,
  place: ListPosition | null = null,
) {
  const connected = [...ctx.platforms.values()];
  const offered = await offeredPlatforms(ctx);
  const read = async (list: ListPosition['list']): Promise<ListView<OperatorCampaign> | null> => {
    if (place && place.list !== list) return null;
    const after = place?.after ?? null;
    return campaignRows(ctx, list, await listCampaigns(ctx, { list, after, limit: LIST_SIZE }));
  };
  return sendHtml(
    reply,
    operatorHomePage({
      networks: connected.map(({ label }) => label),
      unaccepted: connected.filter((one) => !offered.includes(one)).map(({ label }) => label),
      problem,
      waiting: await read('waiting'),
      coming: await read('coming'),
      past: await read('past'),
      findings: (await checkReadiness(ctx)).findings.map(findingView),
      holds: (await showHolds(ctx)).map((hold) => holdView(hold, ctx.platforms)),
      stops: wideStops(ctx.platforms),
      signOutAction: SIGN_OUT,
    }),
  );
}

function campaignRows(
  ctx: Context,
  list: ListPosition['list'],
  { campaigns, next }: CountedPage,
): ListView<OperatorCampaign> {
  return {
    campaigns: campaigns.map(({ campaign, pledges }) => ({
      slug: campaign.slug,
      ...titleForOperators(campaign),
      state: campaign.state,
      moment: momentView(campaign.moment),
      pledges,
      approveAction:
        campaign.state === 'in_review' ? `/ops/campaigns/${campaign.slug}/approve` : null,
      ...(campaign.state === 'in_review' && { rules: describeRules(ctx, campaign) }),
    })),
    moreHref: next && `/ops?${new URLSearchParams({ list, after: next })}`,
  };
}
