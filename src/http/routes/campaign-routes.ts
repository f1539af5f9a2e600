import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import type { CampaignRecord } from '../../actions/records.ts';
import { listPublicCampaigns, showCampaign } from '../../actions/show-campaign.ts';
import type { Context } from '../../context.ts';
import { createMemory } from '../../domain/memory.ts';
import { campaignPage, homePage } from '../../web/index.ts';
import type { CampaignView } from '../../web/views.ts';
import { frameOf, localeOf, sendHtml } from '../pages.ts';
import { campaignCard, campaignView } from '../views.ts';

/** What everybody sees: the front page, and a campaign's page. */
export function campaignRoutes(ctx: Context): RouteOptions[] {
  return [
    { method: 'GET', url: '/', handler: (request, reply) => home(ctx, request, reply) },
    { method: 'GET', url: '/c/:slug', handler: (request, reply) => showPage(ctx, request, reply) },
  ];
}

async function home(ctx: Context, request: FastifyRequest, reply: FastifyReply) {
  const locale = localeOf(request);
  const campaigns = await listPublicCampaigns(ctx);
  const cards = campaigns.map((campaign) =>
    campaignCard(campaign, localeOf(request, campaign.content.locales)),
  );
  return sendHtml(reply, homePage({ ...frameOf(locale, '/'), campaigns: cards }), false);
}

async function showPage(ctx: Context, request: FastifyRequest, reply: FastifyReply) {
  const { slug } = request.params as { slug: string };
  const textLocale = (campaign: CampaignRecord) => localeOf(request, campaign.content.locales);
  const shown = await showCampaign(ctx, { slug, textLocale });
  const frame = frameOf(localeOf(request), `/c/${slug}`);
  const view = campaignView(shown, frame, textLocale(shown.campaign));
  return sendHtml(reply, renderCampaign(view), false);
}

const pages = createMemory<string>(64);

/** Most visitors see the same page. */
function renderCampaign(view: CampaignView): string {
  return pages(JSON.stringify(view), () => campaignPage(view));
}
