import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { approveCampaign } from '../../actions/approve-campaign.ts';
import { canSignIn, SESSION_LIFE_MS, signIn, signOut } from '../../actions/operator-access.ts';
import { listAllCampaigns, showDelivery } from '../../actions/show-delivery.ts';
import type { Context } from '../../context.ts';
import { ConflictError } from '../../domain/errors.ts';
import { deliveryPage, operatorHomePage, signInPage } from '../../web/index.ts';
import { sessionCookie } from '../cookies.ts';
import { isSameOrigin, requireSession } from '../guards.ts';
import { sendHtml } from '../pages.ts';
import { sendProblem } from '../problem.ts';
import { streamFigures } from '../stream-figures.ts';
import { deliveryFiguresView, inLocale, momentView } from '../views.ts';

const SIGN_OUT = '/ops/sign-out';

/** Operators' pages: signing in by a one-time link, campaigns, and the delivery page. */
export function operatorRoutes(ctx: Context): RouteOptions[] {
  const preHandler = requireSession(ctx);
  const onlyOurForms = async (request: FastifyRequest, reply: FastifyReply) =>
    isSameOrigin(ctx, request)
      ? undefined
      : sendProblem(reply, { status: 403, detail: 'This form was not sent from our own page' });
  return [
    {
      method: 'GET',
      url: '/ops/sign-in/:token',
      handler: (request, reply) => openLink(ctx, request, reply),
    },
    {
      method: 'POST',
      url: '/ops/sign-in/:token',
      onRequest: onlyOurForms,
      handler: (request, reply) => useLink(ctx, request, reply),
    },
    {
      method: 'POST',
      url: SIGN_OUT,
      onRequest: onlyOurForms,
      handler: (request, reply) => leave(ctx, request, reply),
    },
    {
      method: 'GET',
      url: '/ops',
      preHandler,
      handler: (_request, reply) => home(ctx, reply),
    },
    {
      method: 'POST',
      url: '/ops/campaigns/:slug/approve',
      onRequest: onlyOurForms,
      preHandler,
      handler: (request, reply) => approve(ctx, request, reply),
    },
    {
      method: 'GET',
      url: '/ops/campaigns/:slug',
      preHandler,
      handler: (request, reply) => delivery(ctx, request, reply),
    },
    {
      method: 'GET',
      url: '/ops/campaigns/:slug/events',
      sse: 'only',
      preHandler,
      handler: (request, reply) => streamFigures(ctx, request, reply),
    },
  ];
}

async function openLink(ctx: Context, request: FastifyRequest, reply: FastifyReply) {
  const { token } = request.params as { token: string };
  const open = await canSignIn(ctx, { token });
  const view = open
    ? { kind: 'confirm' as const, action: `/ops/sign-in/${token}` }
    : { kind: 'used' as const, action: null };
  return sendHtml(reply.code(open ? 200 : 410), signInPage(view));
}

async function useLink(ctx: Context, request: FastifyRequest, reply: FastifyReply) {
  const { token } = request.params as { token: string };
  const session = await signIn(ctx, { token });
  if (session === null) {
    return sendHtml(reply.code(410), signInPage({ kind: 'used', action: null }));
  }
  sessionCookie(ctx).write(reply, session, SESSION_LIFE_MS / 1000);
  return reply.redirect('/ops', 303);
}

async function leave(ctx: Context, request: FastifyRequest, reply: FastifyReply) {
  const cookie = sessionCookie(ctx);
  await signOut(ctx, { session: cookie.read(request) });
  cookie.clear(reply);
  return sendHtml(reply, signInPage({ kind: 'needed', action: null }));
}

async function home(ctx: Context, reply: FastifyReply, problem: string | null = null) {
  const networks = [...ctx.platforms.values()].map((platform) => platform.label);
  const all = await listAllCampaigns(ctx);
  const campaigns = all.map(({ campaign, pledges }) => ({
    slug: campaign.slug,
    title: inLocale(campaign.content.title, 'en'),
    state: campaign.state,
    moment: momentView(campaign.moment),
    pledges,
    approveAction:
      campaign.state === 'in_review' ? `/ops/campaigns/${campaign.slug}/approve` : null,
  }));
  return sendHtml(
    reply,
    operatorHomePage({ networks, problem, campaigns, signOutAction: SIGN_OUT }),
  );
}

async function approve(ctx: Context, request: FastifyRequest, reply: FastifyReply) {
  const { slug } = request.params as { slug: string };
  try {
    await approveCampaign(ctx, { slug, operator: request.operator });
  } catch (error) {
    if (error instanceof ConflictError) return home(ctx, reply.code(409), error.message);
    throw error;
  }
  return reply.redirect('/ops', 303);
}

async function delivery(ctx: Context, request: FastifyRequest, reply: FastifyReply) {
  const { slug } = request.params as { slug: string };
  const report = await showDelivery(ctx, { slug });
  const view = {
    slug,
    title: inLocale(report.campaign.content.title, 'en'),
    moment: momentView(report.campaign.moment),
    figures: deliveryFiguresView(report),
    eventsUrl: `/ops/campaigns/${slug}/events`,
    signOutAction: SIGN_OUT,
  };
  return sendHtml(reply, deliveryPage(view));
}
