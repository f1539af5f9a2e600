import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { Type } from 'typebox';
import { approveCampaign } from '../../actions/approve-campaign.ts';
import { createCampaign } from '../../actions/create-campaign.ts';
import type { CampaignRecord } from '../../actions/records.ts';
import { type Readiness, showDelivery } from '../../actions/show-delivery.ts';
import { holdAnswer } from '../../actions/show-holds.ts';
import type { Context } from '../../context.ts';
import { CAMPAIGN_STATES } from '../../domain/campaign.ts';
import { CampaignInput, type Preview } from '../../domain/campaign-input.ts';
import { DELIVERY_STATES } from '../../domain/delivery.ts';
import { REMINDER_STATES } from '../../domain/reminder.ts';
import { refusals, refuseForms, security } from './api-parts.ts';
import { HoldAnswer } from './stop-routes.ts';

const CampaignAnswer = Type.Object({
  slug: Type.String(),
  state: Type.Enum([...CAMPAIGN_STATES]),
  url: Type.String({ description: 'The public page, once the campaign is approved' }),
  moment: Type.Object({
    at: Type.String({ description: 'Wall time in the zone' }),
    zone: Type.String({ description: 'IANA zone' }),
    instant: Type.String({ description: 'RFC 3339, UTC' }),
    tzdata: Type.String({ description: 'Version of the zone rules that gave the instant' }),
  }),
  closes: Type.String({ description: 'When joining closes; RFC 3339, UTC' }),
});
const PreviewAnswer = Type.Object({
  locale: Type.String(),
  variant: Type.Integer({ description: '0: the message; 1: its first variant; ...' }),
  platform: Type.String(),
  label: Type.String(),
  text: Type.String(),
  length: Type.Integer({ description: 'By the platform’s own counting' }),
  limit: Type.Integer(),
});
const Created = Type.Object({
  ...CampaignAnswer.properties,
  previews: Type.Array(PreviewAnswer),
});
const ReadinessAnswer = Type.Object({
  pledges: Type.Integer(),
  ready: Type.Integer({ description: 'Their permission was seen to work since preflight began' }),
  dead: Type.Integer({ description: 'Their owners have to connect again' }),
  unchecked: Type.Integer({ description: 'Not looked at yet' }),
  app: Type.Array(
    Type.Object({
      platform: Type.String(),
      ok: Type.Boolean({ description: 'The platform takes this instance’s app' }),
      detail: Type.String(),
      checked_at: Type.String({ description: 'RFC 3339, UTC' }),
      rests_until: Type.Union([Type.Null(), Type.String()], {
        description: 'RFC 3339, UTC; it is asked again then',
      }),
    }),
  ),
});
const AssistedAnswer = Type.Object(
  {
    posts: Type.Integer({ description: 'How many say that they posted by themselves' }),
    reminders: Type.Record(Type.Enum([...REMINDER_STATES]), Type.Integer()),
    lateness_ms: Type.Union([
      Type.Null(),
      Type.Object({
        p50: Type.Number(),
        p99: Type.Number(),
        max: Type.Number(),
        first: Type.Number(),
      }),
    ]),
  },
  { description: 'What people do by themselves; in none of the other figures' },
);
const Delivery = Type.Object({
  state: Type.Enum([...CAMPAIGN_STATES]),
  pledges: Type.Integer(),
  totals: Type.Record(Type.Enum([...DELIVERY_STATES]), Type.Integer()),
  lateness_ms: Type.Union([
    Type.Null(),
    Type.Object({
      p50: Type.Number(),
      p99: Type.Number(),
      max: Type.Number(),
      first: Type.Number(),
    }),
  ]),
  reasons: Type.Array(Type.Object({ reason: Type.String(), count: Type.Integer() })),
  holds: Type.Array(HoldAnswer, { description: 'What holds its posts now' }),
  readiness: Type.Union([Type.Null(), ReadinessAnswer], { description: 'Null from the moment on' }),
  assisted: AssistedAnswer,
});
const Slug = Type.Object({ slug: Type.String() });
/** The HTTP API, version 1. */
export function apiRoutes(ctx: Context): RouteOptions[] {
  return [
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
        response: { 200: CampaignAnswer, ...refusals },
      },
      handler: async (request) => {
        const { slug } = request.params as { slug: string };
        return campaignAnswer(
          ctx,
          await approveCampaign(ctx, { slug, operator: request.operator }),
        );
      },
    },
    {
      method: 'GET',
      url: '/api/v1/campaigns/:slug',
      schema: {
        summary: 'A campaign',
        security,
        params: Slug,
        response: { 200: CampaignAnswer, ...refusals },
      },
      handler: async (request) => {
        const { slug } = request.params as { slug: string };
        return campaignAnswer(ctx, (await showDelivery(ctx, { slug })).campaign);
      },
    },
    {
      method: 'GET',
      url: '/api/v1/campaigns/:slug/delivery',
      schema: {
        summary: 'How the delivery of a campaign stands; names nobody',
        security,
        params: Slug,
        response: { 200: Delivery, ...refusals },
      },
      handler: async (request) => {
        const report = await showDelivery(ctx, request.params as { slug: string });
        return {
          state: report.campaign.state,
          pledges: report.pledges,
          totals: report.totals,
          lateness_ms: report.lateness,
          reasons: report.reasons,
          holds: report.holds.map(holdAnswer),
          readiness: report.readiness && readinessAnswer(report.readiness),
          assisted: {
            posts: report.assisted.posts,
            reminders: report.assisted.reminders,
            lateness_ms: report.assisted.lateness,
          },
        };
      },
    },
  ];
}

async function create(ctx: Context, request: FastifyRequest, reply: FastifyReply) {
  const { campaign, previews } = await createCampaign(ctx, {
    document: request.body,
    author: request.operator,
  });
  return reply.code(201).send({ ...campaignAnswer(ctx, campaign), previews: [...previews] });
}

function readinessAnswer(readiness: Readiness) {
  const { pledges, ready, dead, unchecked } = readiness;
  const app = readiness.app.map(({ platform, ok, detail, checkedAt, restsUntil }) => ({
    platform,
    ok,
    detail,
    checked_at: checkedAt.toISOString(),
    rests_until: restsUntil?.toISOString() ?? null,
  }));
  return { pledges, ready, dead, unchecked, app };
}

/** A campaign as the API and the command line show it. */
export function campaignAnswer(ctx: Context, campaign: CampaignRecord) {
  return {
    slug: campaign.slug,
    state: campaign.state,
    url: `${ctx.baseUrl}/c/${campaign.slug}`,
    moment: {
      at: campaign.moment.wall,
      zone: campaign.moment.zone,
      instant: campaign.moment.instant.toISOString(),
      tzdata: campaign.moment.tzdata,
    },
    closes: campaign.lockAt.toISOString(),
  };
}

export type CampaignAnswer = ReturnType<typeof campaignAnswer> & { previews?: Preview[] };
