import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { findPublicCampaign } from '../../actions/find-campaign.ts';
import { createRecent } from '../../actions/recent.ts';
import type { CampaignRecord } from '../../actions/records.ts';
import { listPublicCampaigns, showCampaign } from '../../actions/show-campaign.ts';
import type { Context } from '../../context.ts';
import { createMemory } from '../../domain/memory.ts';
import { campaignPage, homePage } from '../../web/index.ts';
import type { CampaignView } from '../../web/views.ts';
import { HTML, PUBLIC, publicPages } from '../page-cache.ts';
import { frameOf, localeOf } from '../pages.ts';
import { briefView, previewLinks } from '../share-views.ts';
import { campaignCard, campaignView } from '../views.ts';

/** What everybody sees: the front page, and a campaign's page. Both are answered from memory. */
export function campaignRoutes(ctx: Context): RouteOptions[] {
  const front = createRecent<CampaignRecord[]>({ freshMs: () => LIST_MS, most: 1 });
  const languages = createRecent<readonly string[]>({ freshMs: () => LIST_MS, most: 1_000 });
  return [
    {
      method: 'GET',
      url: '/',
      config: PUBLIC,
      handler: async (request, reply) =>
        home(ctx, request, reply, await front.get('', () => listPublicCampaigns(ctx))),
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
  ];
}

/** With the page's own half second this makes one. */
const LIST_MS = 250;

async function localesOf(ctx: Context, slug: string): Promise<readonly string[]> {
  return (await findPublicCampaign(ctx, { slug })).content.locales;
}

function home(
  ctx: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  campaigns: readonly CampaignRecord[],
) {
  const locale = localeOf(request);
  const spoken = campaigns.map(({ content }) => localeOf(request, content.locales));
  return publicPages(ctx).send(request, reply, {
    key: JSON.stringify(['/', locale, spoken]),
    type: HTML,
    make: async () => {
      const cards = campaigns.map((campaign, i) => campaignCard(campaign, spoken[i] ?? locale));
      return homePage({ ...frameOf(locale, '/', ctx.baseUrl), campaigns: cards });
    },
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
      return renderCampaign({ ...campaignView(shown, frame, textLocale), preview });
    },
  });
}

const pages = createMemory<string>(64);

/** What has not changed is not rendered again. */
function renderCampaign(view: CampaignView): string {
  return pages(JSON.stringify(view), () => campaignPage(view));
}
