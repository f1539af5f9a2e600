import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { type Static, Type } from 'typebox';
import { approveCampaign } from '../../../actions/campaign/approve-campaign.ts';
import { createCampaign } from '../../../actions/campaign/create-campaign.ts';
import {
  CAMPAIGN_LISTS,
  listCampaigns,
  MAX_PAGE,
} from '../../../actions/campaign/list-campaigns.ts';
import { showPreviews } from '../../../actions/campaign/show-previews.ts';
import { showDelivery } from '../../../actions/delivery/show-delivery.ts';
import type { Context } from '../../../context.ts';
import { CampaignInput } from '../../../domain/campaign-input.ts';
import { CampaignJson, campaignJson } from '../../../present/campaign.ts';
import {
  DeliveryJson,
  deliveryJson,
  ShownCampaignJson,
  shownCampaignJson,
} from '../../../present/delivery.ts';
import { PreviewJson, previewJson } from '../../../present/preview.ts';
import { UnderstoodJson, understoodJson } from '../../../present/understood.ts';
import { WarningsJson } from '../../../present/warnings.ts';
import { refusals, refuseForms, security } from './api-parts.ts';

const Created = Type.Object({
  ...CampaignJson.properties,
  previews: Type.Array(PreviewJson),
  warnings: WarningsJson('before the campaign is approved'),
  understood: UnderstoodJson,
});
const Listed = Type.Object({
  campaigns: Type.Array(
    Type.Object({
      ...CampaignJson.properties,
      pledges: Type.Integer({ description: 'Those that are active' }),
    }),
  ),
  next: Type.Union([Type.Null(), Type.String()], {
    description: 'Give it as `after` for the next page; null on the last one',
  }),
});
const Place = Type.Object({
  list: Type.Optional(
    Type.Enum([...CAMPAIGN_LISTS], {
      description:
        'waiting: for approval, before their moment; coming: open, locked or firing; past: the others. waiting and coming begin with the next moment, past and all with the latest',
      default: 'all',
    }),
  ),
  after: Type.Optional(Type.String({ description: 'The `next` of the page before' })),
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: MAX_PAGE,
      default: 50,
      description: 'Campaigns on a page',
    }),
  ),
});
const Slug = Type.Object({ slug: Type.String() });
/** The HTTP API, version 1. */
export function apiRoutes(ctx: Context): RouteOptions[] {
  return [
    {
      method: 'GET',
      url: '/api/v1/campaigns',
      schema: {
        summary: 'Campaigns, page by page',
        security,
        querystring: Place,
        response: { 200: Listed, ...refusals },
      },
      handler: (request) => list(ctx, request),
    },
    {
      method: 'POST',
      url: '/api/v1/campaigns',
      preParsing: refuseForms,
      // The schema is for the document; one validator judges, here as on the command line, and it names every mend.
      validatorCompiler: () => () => true,
      schema: {
        summary: 'Create a campaign; it waits for approval',
        security,
        body: CampaignInput,
        response: { 201: Created, ...refusals },
      },
      handler: (request, reply) => create(ctx, request, reply),
    },
    {
      method: 'POST',
      url: '/api/v1/campaigns/:slug/approve',
      schema: {
        summary: 'Open a campaign to the public',
        security,
        params: Slug,
        response: { 200: CampaignJson, ...refusals },
      },
      handler: async (request) => {
        const { slug } = request.params as { slug: string };
        return campaignJson(ctx, await approveCampaign(ctx, { slug, operator: request.operator }));
      },
    },
    {
      method: 'GET',
      url: '/api/v1/campaigns/:slug',
      schema: {
        summary: 'A campaign, and how its delivery stands',
        security,
        params: Slug,
        response: { 200: ShownCampaignJson, ...refusals },
      },
      handler: async (request) => {
        const report = await showDelivery(ctx, request.params as { slug: string });
        return shownCampaignJson(ctx, report);
      },
    },
    {
      method: 'GET',
      url: '/api/v1/campaigns/:slug/previews',
      schema: {
        summary: 'Every text of a campaign, as it will be posted on each platform',
        security,
        params: Slug,
        response: { 200: Type.Object({ previews: Type.Array(PreviewJson) }), ...refusals },
      },
      handler: (request) => previews(ctx, request),
    },
    {
      method: 'GET',
      url: '/api/v1/campaigns/:slug/delivery',
      schema: {
        summary: 'How the delivery of a campaign stands; names nobody',
        security,
        params: Slug,
        response: { 200: DeliveryJson, ...refusals },
      },
      handler: async (request) =>
        deliveryJson(await showDelivery(ctx, request.params as { slug: string })),
    },
  ];
}

async function previews(ctx: Context, request: FastifyRequest) {
  const shown = await showPreviews(ctx, request.params as { slug: string });
  return { previews: shown.map(previewJson) };
}

async function list(ctx: Context, request: FastifyRequest) {
  const { list: name, after, limit } = request.query as Required<Static<typeof Place>>;
  const place = { list: name, after: after ?? null, limit };
  const { campaigns, next } = await listCampaigns(ctx, place);
  return {
    campaigns: campaigns.map(({ campaign, pledges }) => ({
      ...campaignJson(ctx, campaign),
      pledges,
    })),
    next,
  };
}

async function create(ctx: Context, request: FastifyRequest, reply: FastifyReply) {
  const { campaign, previews, warnings, understood } = await createCampaign(ctx, {
    document: request.body,
    author: request.operator,
  });
  const more = {
    previews: previews.map(previewJson),
    warnings: [...warnings],
    understood: understoodJson(understood),
  };
  return reply.code(201).send({ ...campaignJson(ctx, campaign), ...more });
}
