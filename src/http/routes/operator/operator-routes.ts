import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { approveCampaign } from '../../../actions/campaign/approve-campaign.ts';
import { describeRules } from '../../../actions/campaign/check-moment.ts';
import { decideMoment } from '../../../actions/campaign/decide-moment.ts';
import { showDelivery } from '../../../actions/delivery/show-delivery.ts';
import {
  canSignIn,
  SESSION_LIFE_MS,
  signIn,
  signOut,
} from '../../../actions/operator/operator-access.ts';
import { type AbortOrder, abortSending } from '../../../actions/stop/abort-sending.ts';
import { pauseSending } from '../../../actions/stop/pause-sending.ts';
import { releaseRestored } from '../../../actions/stop/release-restored.ts';
import { resumeSending } from '../../../actions/stop/resume-sending.ts';
import type { StopScope } from '../../../actions/stop/stop-target.ts';
import type { Context } from '../../../context.ts';
import { ConflictError, InputError } from '../../../domain/errors.ts';
import { deliveryPage, signInPage } from '../../../web/index.ts';
import { sessionCookie } from '../../cookies.ts';
import { getGate } from '../../limits/gate.ts';
import { readListPosition, SIGN_OUT, sendOperatorHome } from '../../operator-home.ts';
import { sendHtml } from '../../pages.ts';
import { streamFigures } from '../../stream-figures.ts';
import {
  campaignStop,
  deliveryFiguresView,
  momentView,
  RELEASE,
  titleForOperators,
} from '../../views/campaign-views.ts';
import { momentDoubtView } from '../../views/moment-views.ts';

/** Signing in by a one-time link, and out. */
export function signInRoutes(ctx: Context): RouteOptions[] {
  return [
    {
      method: 'GET',
      url: '/ops/sign-in/:token',
      handler: (request, reply) => openLink(ctx, request, reply),
    },
    {
      method: 'POST',
      url: '/ops/sign-in/:token',
      handler: (request, reply) => useLink(ctx, request, reply),
    },
    {
      method: 'POST',
      url: SIGN_OUT,
      handler: (request, reply) => leave(ctx, request, reply),
    },
  ];
}

/** Operators' pages: campaigns, and the delivery page. */
export function operatorRoutes(ctx: Context): RouteOptions[] {
  return [
    {
      method: 'GET',
      url: '/ops',
      handler: (request, reply) => sendOperatorHome(ctx, reply, null, readListPosition(request)),
    },
    {
      method: 'POST',
      url: '/ops/campaigns/:slug/approve',
      handler: (request, reply) => approve(ctx, request, reply),
    },
    {
      method: 'POST',
      url: '/ops/campaigns/:slug/moment',
      handler: (request, reply) => decide(ctx, request, reply),
    },
    ...stopForms(ctx),
    {
      method: 'GET',
      url: '/ops/campaigns/:slug',
      handler: (request, reply) => delivery(ctx, parseSlug(request), reply),
    },
    {
      method: 'GET',
      url: '/ops/campaigns/:slug/events',
      sse: 'only',
      // It lasts for as long as the page is open.
      handlerTimeout: 2_147_483_647,
      handler: (request, reply) => streamFigures(ctx, request, reply),
    },
  ];
}

async function openLink(ctx: Context, request: FastifyRequest, reply: FastifyReply) {
  const { token } = request.params as { token: string };
  const open = await canSignIn(ctx, { token });
  if (!open && !(await getGate(ctx).allowMiss(request, reply))) return reply;
  const view = open
    ? { kind: 'confirm' as const, action: `/ops/sign-in/${token}` }
    : { kind: 'used' as const, action: null };
  return sendHtml(reply.code(open ? 200 : 410), signInPage(view));
}

async function useLink(ctx: Context, request: FastifyRequest, reply: FastifyReply) {
  const { token } = request.params as { token: string };
  const session = await signIn(ctx, { token });
  if (session === null) {
    if (!(await getGate(ctx).allowMiss(request, reply))) return reply;
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

async function approve(ctx: Context, request: FastifyRequest, reply: FastifyReply) {
  const { slug } = request.params as { slug: string };
  try {
    await approveCampaign(ctx, { slug, operator: request.operator });
  } catch (error) {
    if (error instanceof ConflictError)
      return sendOperatorHome(ctx, reply.code(409), error.message);
    throw error;
  }
  return reply.redirect('/ops', 303);
}

/** What a person decides about a moment in doubt; then back to the campaign's page. */
async function decide(ctx: Context, request: FastifyRequest, reply: FastifyReply) {
  const slug = parseSlug(request);
  const { decision, to } = (request.body ?? {}) as { decision?: unknown; to?: unknown };
  try {
    await decideMoment(ctx, {
      slug,
      operator: request.operator,
      decision: decision === 'move' ? 'move' : 'keep',
      ...(typeof to === 'string' && to !== '' ? { to } : {}),
    });
  } catch (error) {
    if (error instanceof ConflictError) return delivery(ctx, slug, reply.code(409), error.message);
    if (error instanceof InputError) return delivery(ctx, slug, reply.code(422), error.message);
    throw error;
  }
  return reply.redirect(`/ops/campaigns/${slug}`, 303);
}

/** A form that stops something, or lets it go on; then back to the page that it was on. */
interface StopForm {
  scope: StopScope;
  act: (ctx: Context, order: AbortOrder) => Promise<unknown>;
}

function stopForms(ctx: Context): RouteOptions[] {
  const verbs = { pause: pauseSending, resume: resumeSending, abort: abortSending };
  const bases: readonly [StopScope, string][] = [
    ['campaign', '/ops/campaigns/:slug'],
    ['platform', '/ops/platforms/:name'],
    ['instance', '/ops/instance'],
  ];
  const form = (url: string, scope: StopScope, act: StopForm['act']): RouteOptions => ({
    method: 'POST',
    url,
    handler: (request, reply) => stop(ctx, request, reply, { scope, act }),
  });
  const all = bases.flatMap(([scope, base]) =>
    Object.entries(verbs).map(([verb, act]) => form(`${base}/${verb}`, scope, act)),
  );
  return [...all, form(RELEASE, 'instance', releaseRestored)];
}

async function stop(ctx: Context, request: FastifyRequest, reply: FastifyReply, form: StopForm) {
  const { slug = '', name = '' } = request.params as { slug?: string; name?: string };
  const { confirm, reason } = (request.body ?? {}) as { confirm?: unknown; reason?: unknown };
  const order = {
    scope: form.scope,
    subject: slug || name,
    actor: request.operator,
    reason: String(reason ?? ''),
    confirm: String(confirm ?? '').trim(),
  };
  const again = (status: number, problem: string) =>
    form.scope === 'campaign'
      ? delivery(ctx, slug, reply.code(status), problem)
      : sendOperatorHome(ctx, reply.code(status), problem);
  try {
    await form.act(ctx, order);
  } catch (error) {
    if (error instanceof ConflictError) return again(409, error.message);
    if (error instanceof InputError) return again(422, error.message);
    throw error;
  }
  return reply.redirect(form.scope === 'campaign' ? `/ops/campaigns/${slug}` : '/ops', 303);
}

function parseSlug(request: FastifyRequest): string {
  return (request.params as { slug: string }).slug;
}

async function delivery(
  ctx: Context,
  slug: string,
  reply: FastifyReply,
  problem: string | null = null,
) {
  const report = await showDelivery(ctx, { slug });
  const view = {
    slug,
    ...titleForOperators(report.campaign),
    moment: momentView(report.campaign.moment),
    figures: deliveryFiguresView(report, ctx.platforms),
    stop: campaignStop(report.campaign),
    rules: describeRules(ctx, report.campaign),
    doubt: momentDoubtView(ctx, report),
    problem,
    eventsUrl: `/ops/campaigns/${slug}/events`,
    signOutAction: SIGN_OUT,
  };
  return sendHtml(reply, deliveryPage(view));
}
