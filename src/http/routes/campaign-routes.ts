import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { findPublicCampaign } from '../../actions/find-campaign.ts';
import {
  listPublicCampaigns,
  PUBLIC_LISTS,
  type PublicList,
} from '../../actions/list-campaigns.ts';
import { createRecent } from '../../actions/recent.ts';
import type { CampaignPage } from '../../actions/records.ts';
import { showCampaign } from '../../actions/show-campaign.ts';
import type { Context } from '../../context.ts';
import { createMemory } from '../../domain/memory.ts';
import { campaignPage, homePage } from '../../web/index.ts';
import type { CampaignCard, CampaignView, ListView } from '../../web/views.ts';
import { createFollower, type Follower, followCampaign } from '../follow.ts';
import { HTML, PUBLIC, publicPages } from '../page-cache.ts';
import { frameOf, localeOf } from '../pages.ts';
import { briefView, previewLinks } from '../share-views.ts';
import { campaignCard, campaignView } from '../views.ts';

/** What everybody sees: the front page, and a campaign's page. Both are answered from memory. */
export function campaignRoutes(ctx: Context): RouteOptions[] {
  const lists = createRecent<CampaignPage>({ freshMs: () => LIST_MS, most: MAX_LISTS });
  const follower = createFollower(ctx);
  const languages = createRecent<readonly string[]>({ freshMs: () => LIST_MS, most: 1_000 });
  return [
    {
      method: 'GET',
      url: '/',
      config: PUBLIC,
      handler: async (request, reply) => {
        const wanted = readPlace(request);
        const read = async (list: PublicList): Promise<CampaignPage | null> => {
          const after = wanted?.list === list ? wanted.after : null;
          if (wanted && after === null) return null;
          return lists.get(`${list} ${after ?? ''}`, () =>
            listPublicCampaigns(ctx, { list, after, limit: LIST_SIZE }),
          );
        };
        const [coming, past] = [await read('coming'), await read('past')];
        return home(ctx, request, reply, { wanted, coming, past });
      },
    },
    {
      method: 'GET',
      url: '/c/:slug',
      config: PUBLIC,
      handler: async (request, reply) => {
        const { slug } = request.params as { slug: string };
        const spoken = await languages.get(slug, () => localesOf(ctx, slug));
        return showPage(ctx, request, reply, { slug, spoken });
      },
    },
    {
      method: 'GET',
      url: '/c/:slug/state',
      schema: { hide: true },
      config: PUBLIC,
      handler: (request, reply) => sendState(ctx, request, reply, follower),
    },
  ];
}

/** What open pages ask for; the widget does from within a frame that may have no origin. */
function sendState(ctx: Context, request: FastifyRequest, reply: FastifyReply, follower: Follower) {
  const { slug } = request.params as { slug: string };
  follower.asked(slug);
  reply.header('access-control-allow-origin', '*').header('access-control-expose-headers', 'date');
  return publicPages(ctx).send(request, reply, {
    key: `state ${slug}`,
    type: 'application/json; charset=utf-8',
    make: async () => {
      const shown = await showCampaign(ctx, {
        slug,
        textLocale: ({ content }) => content.locales[0] ?? 'en',
      });
      return JSON.stringify(follower.stateOf(shown));
    },
  });
}

/** With the page's own half second this makes one. */
const LIST_MS = 250;
/** Campaigns on one page, of each list. */
const LIST_SIZE = 50;
const MAX_LISTS = 100;

async function localesOf(ctx: Context, slug: string): Promise<readonly string[]> {
  return (await findPublicCampaign(ctx, { slug })).content.locales;
}

/** A further page of one of the lists. */
interface Place {
  list: PublicList;
  after: string;
}

/** Null for the front page itself. */
function readPlace(request: FastifyRequest): Place | null {
  const { list, after } = request.query as Record<string, unknown>;
  const known = PUBLIC_LISTS.find((name) => name === list);
  return known && typeof after === 'string' ? { list: known, after } : null;
}

interface Lists {
  wanted: Place | null;
  coming: CampaignPage | null;
  past: CampaignPage | null;
}

function home(ctx: Context, request: FastifyRequest, reply: FastifyReply, lists: Lists) {
  const locale = localeOf(request);
  const { wanted } = lists;
  const view = (list: PublicList): ListView<CampaignCard> | null => {
    const page = lists[list];
    if (page === null) return null;
    const campaigns = page.campaigns.map((campaign) =>
      campaignCard(campaign, localeOf(request, campaign.content.locales)),
    );
    const more = page.next === null ? null : { list, after: page.next, lang: locale };
    return { campaigns, moreHref: more && `/?${new URLSearchParams(more)}` };
  };
  // A further page is found from the first one, and is no page that anybody should search for.
  const frame = wanted
    ? frameOf(locale, '/', undefined, { ...wanted })
    : frameOf(locale, '/', ctx.baseUrl);
  const shown = { coming: view('coming'), past: view('past') };
  return publicPages(ctx).send(request, reply, {
    key: JSON.stringify(['/', locale, shown]),
    type: HTML,
    make: async () => homePage({ ...frame, ...shown }),
  });
}

function showPage(
  ctx: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  { slug, spoken }: { slug: string; spoken: readonly string[] },
) {
  const locale = localeOf(request);
  const textLocale = localeOf(request, spoken);
  return publicPages(ctx).send(request, reply, {
    key: JSON.stringify(['/c', slug, locale, textLocale]),
    type: HTML,
    make: async () => {
      const shown = await showCampaign(ctx, { slug, textLocale: () => textLocale });
      const frame = frameOf(locale, `/c/${slug}`, ctx.baseUrl);
      const preview = previewLinks(ctx.baseUrl, briefView(shown, locale));
      return renderCampaign({
        ...campaignView(shown, frame, textLocale),
        preview,
        follow: followCampaign(ctx, shown),
      });
    },
  });
}

const pages = createMemory<string>(64);

/** What has not changed is not rendered again. */
function renderCampaign(view: CampaignView): string {
  return pages(JSON.stringify(view), () => campaignPage(view));
}
