import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import {
  listPublicCampaigns,
  PUBLIC_LISTS,
  type PublicList,
} from '../../../actions/campaign/list-campaigns.ts';
import type { CampaignPage } from '../../../actions/campaign/records.ts';
import { showCampaign } from '../../../actions/campaign/show-campaign.ts';
import { createStaleWhileRevalidate } from '../../../async/stale-while-revalidate.ts';
import type { Context } from '../../../context.ts';
import { createBoundedMemo } from '../../../domain/bounded-memo.ts';
import { campaignPage, homePage, type PageLanguages } from '../../../web/index.ts';
import type { CampaignCard, CampaignView, ListView } from '../../../web/views/campaign.ts';
import { createFollower, type Follower, followCampaign } from '../../follow.ts';
import { HTML, PUBLIC, publicPages } from '../../page-cache.ts';
import { pickInterfaceLocale, pickPageLanguages, toFrame } from '../../pages.ts';
import { campaignPath } from '../../paths.ts';
import { spokenIn } from '../../spoken.ts';
import { campaignCard, campaignView } from '../../views/campaign-views.ts';
import { previewLinks } from '../../views/share-views.ts';

/** What everybody sees: the front page, and a campaign's page. Both are answered from memory. */
export function campaignRoutes(ctx: Context): RouteOptions[] {
  const lists = createStaleWhileRevalidate<CampaignPage>({
    freshMs: () => LIST_MS,
    maxEntries: MAX_LISTS,
  });
  const follower = createFollower(ctx);
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
        const languages = pickPageLanguages(request, await spokenIn(ctx, slug));
        return showPage(ctx, request, reply, slug, languages);
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
  const languages = homeLanguages(request, lists);
  const { locale, lang } = languages;
  const { wanted } = lists;
  const view = (list: PublicList): ListView<CampaignCard> | null => {
    const page = lists[list];
    if (page === null) return null;
    const campaigns = page.campaigns.map((campaign) =>
      campaignCard(campaign, pickPageLanguages(request, campaign.content.locales)),
    );
    const more = page.next === null ? null : { list, after: page.next, lang };
    return { campaigns, moreHref: more && `/?${new URLSearchParams(more)}` };
  };
  // A further page is found from the first one, and is no page that anybody should search for.
  const frame = wanted
    ? toFrame(languages, '/', { query: () => ({ ...wanted }) })
    : toFrame(languages, '/', { origin: ctx.baseUrl });
  const shown = { coming: view('coming'), past: view('past') };
  return publicPages(ctx).send(request, reply, {
    key: JSON.stringify(['/', locale, lang, shown]),
    type: HTML,
    make: async () => homePage({ ...frame, ...shown }),
  });
}

/** Links keep a language that only campaigns are written in for as long as one of those on the page is. */
function homeLanguages(request: FastifyRequest, { coming, past }: Lists): PageLanguages {
  const campaigns = [coming, past].flatMap((page) => page?.campaigns ?? []);
  const written = new Set(campaigns.flatMap(({ content }) => content.locales));
  const { locale, lang } = pickPageLanguages(request, [...written]);
  return { ...pickInterfaceLocale(request), locale, lang: written.size > 0 ? lang : locale };
}

function showPage(
  ctx: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  slug: string,
  languages: PageLanguages,
) {
  const { textLocale } = languages;
  return publicPages(ctx).send(request, reply, {
    key: JSON.stringify(['/c', slug, languages]),
    type: HTML,
    make: async () => {
      const shown = await showCampaign(ctx, { slug, textLocale: () => textLocale });
      const frame = toFrame(languages, campaignPath(slug), { origin: ctx.baseUrl });
      const preview = previewLinks(ctx.baseUrl, shown, languages);
      return renderCampaign({
        ...campaignView(shown, frame, textLocale),
        preview,
        follow: followCampaign(ctx, shown),
      });
    },
  });
}

const pages = createBoundedMemo<string>(64);

/** What has not changed is not rendered again. */
function renderCampaign(view: CampaignView): string {
  return pages(JSON.stringify(view), () => campaignPage(view));
}
