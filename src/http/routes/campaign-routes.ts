import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { finishJoin } from '../../actions/finish-join.ts';
import type { CampaignRecord } from '../../actions/records.ts';
import { listPublicCampaigns, showCampaign } from '../../actions/show-campaign.ts';
import { startJoin } from '../../actions/start-join.ts';
import { newSecret } from '../../actions/tokens.ts';
import type { Context } from '../../context.ts';
import { ConflictError, InputError } from '../../domain/errors.ts';
import { createMemory } from '../../domain/memory.ts';
import { SUPPORTER_FIELDS, type SupporterValues } from '../../domain/supporter-field.ts';
import { campaignPage, homePage } from '../../web/index.ts';
import type { CampaignView } from '../../web/views.ts';
import { browserCookie } from '../cookies.ts';
import { isSameOrigin } from '../guards.ts';
import { sendJoined, sendNotice } from '../joined.ts';
import { allowForms, frameOf, localeOf, sendHtml } from '../pages.ts';
import { campaignCard, campaignView, type WhereTyped } from '../views.ts';

/** The longest part of a platform's answer that is read. */
const MOST_ANSWER = 4_000;
/** The same where it is our own page that asks for a signature: what was signed comes with it. */
const MOST_SIGNED = 64 * 1024;
/** A server's name, or a handle. */
const MOST_WHERE = 300;
/** The fields for them, each followed by its platform's name. */
const WHERE = 'where_';
/** Seconds that the browser's cookie lives: the time at the platform, and some. */
const BROWSER_LIFE_SECONDS = 3_600;

/** The way in: the front page, a campaign's page, and joining. */
export function campaignRoutes(ctx: Context): RouteOptions[] {
  return [
    { method: 'GET', url: '/', handler: (request, reply) => home(ctx, request, reply) },
    {
      method: 'GET',
      url: '/c/:slug',
      handler: (request, reply) => showPage(ctx, request, reply, null),
    },
    {
      method: 'POST',
      url: '/c/:slug/join',
      handler: (request, reply) => join(ctx, request, reply),
    },
    {
      method: ['GET', 'POST'],
      url: '/callback/:platform',
      handler: (request, reply) => callback(ctx, request, reply),
    },
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

async function showPage(
  ctx: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  notice: CampaignView['notice'],
  refused: WhereTyped['refused'] = null,
) {
  const { slug } = request.params as { slug: string };
  const shown = await showCampaign(ctx, {
    slug,
    textLocale: (campaign) => textLocaleOf(request, campaign),
    typed: typedOf(request),
  });
  const frame = frameOf(localeOf(request), `/c/${slug}`);
  const textLocale = textLocaleOf(request, shown.campaign);
  if (shown.joinable) {
    const names = shown.messages.map(({ platform }) => platform);
    allowForms(
      reply,
      names.flatMap((name) => ctx.platforms.get(name)?.authorizeOrigins ?? []),
    );
  }
  const where = { typed: whereOf(request), refused };
  const view = campaignView(shown, frame, textLocale, notice, where);
  return sendHtml(reply, renderCampaign(view), false);
}

const pages = createMemory<string>(64);

/** Most visitors see the same page. One with blanks, or with what somebody typed, may name them and is not kept. */
function renderCampaign(view: CampaignView): string {
  const personal = view.fields.length > 0 || view.options.some(({ typed }) => typed !== '');
  if (personal) return campaignPage(view);
  return pages(JSON.stringify(view), () => campaignPage(view));
}

function textLocaleOf(request: FastifyRequest, campaign: CampaignRecord): string {
  return localeOf(request, campaign.content.locales);
}

async function join(ctx: Context, request: FastifyRequest, reply: FastifyReply) {
  const { slug } = request.params as { slug: string };
  if (!isSameOrigin(ctx, request)) return sendNotice(request, reply.code(403), 'forbidden', null);
  const form = formOf(request);
  const where = whereOf(request);
  const platform = form.platform || onlyOne(where);
  // "Show my text", or Enter in a field where it is not clear which platform is meant.
  if (form.show !== undefined || (form.platform === '' && platform === '')) {
    return showPage(ctx, request, reply, null);
  }
  const cookie = browserCookie(ctx);
  const browser = cookie.read(request) || newSecret();
  try {
    const started = await startJoin(ctx, {
      slug,
      platform,
      locale: localeOf(request),
      textLocale: form.text_locale ?? '',
      typed: typedOf(request),
      where: where[platform] ?? '',
      shownHash: form[`shown_${platform}`] ?? '',
      browser,
    });
    if (started.kind === 'platform_failed') {
      return sendNotice(request, reply.code(502), 'platform_failed', started.campaign);
    }
    if (started.kind === 'where_refused') {
      return showPage(ctx, request, reply.code(422), 'check_fields', started);
    }
    cookie.write(reply, browser, BROWSER_LIFE_SECONDS);
    return reply.header('cache-control', 'no-store').redirect(started.url, 303);
  } catch (error) {
    if (error instanceof ConflictError && error.code === 'closed') {
      return sendNotice(request, reply.code(409), 'closed', null);
    }
    if (error instanceof ConflictError && error.code === 'text_changed') {
      return showPage(ctx, request, reply.code(409), 'text_changed');
    }
    if (error instanceof InputError) return showPage(ctx, request, reply.code(422), 'check_fields');
    throw error;
  }
}

async function callback(ctx: Context, request: FastifyRequest, reply: FastifyReply) {
  // Platforms send people back by a link; a form comes from our own page for signing.
  const isForm = request.method === 'POST';
  if (isForm && !isSameOrigin(ctx, request)) {
    return sendNotice(request, reply.code(403), 'forbidden', null);
  }
  const answer = isForm
    ? answerOf(request.body, MOST_SIGNED)
    : answerOf(request.query, MOST_ANSWER);
  const result = await finishJoin(ctx, {
    platform: (request.params as { platform: string }).platform,
    state: answer.state ?? '',
    answer,
    browser: browserCookie(ctx).read(request),
  });
  return sendJoined(request, reply, result);
}

function answerOf(sent: unknown, most: number): Record<string, string> {
  return Object.fromEntries(
    Object.entries((sent ?? {}) as Record<string, unknown>).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1].length <= most,
    ),
  );
}

/** Form or query, as flat text; anything else that a client may send counts as not sent. */
function formOf(request: FastifyRequest): Record<string, string> {
  const sent = { ...(request.query as object), ...(request.body as object | undefined) };
  const texts = Object.entries(sent).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return Object.fromEntries(texts);
}

/** What was typed for servers and handles, by the platform's name. Never of an address: it may name somebody. */
function whereOf(request: FastifyRequest): Record<string, string> {
  const sent = Object.entries((request.body ?? {}) as Record<string, unknown>);
  const typed = sent.flatMap(([name, value]) =>
    name.startsWith(WHERE) && typeof value === 'string'
      ? [[name.slice(WHERE.length), value.slice(0, MOST_WHERE)]]
      : [],
  );
  return Object.fromEntries(typed);
}

/** The platform that is meant when a form is sent without one of its buttons: the only one with something typed, or ''. */
function onlyOne(where: Readonly<Record<string, string>>): string {
  const named = Object.keys(where).filter((platform) => where[platform]?.trim() !== '');
  return named.length === 1 ? (named[0] ?? '') : '';
}

function typedOf(request: FastifyRequest): SupporterValues {
  const form = formOf(request);
  const typed = SUPPORTER_FIELDS.flatMap((name) => {
    const value = form[name];
    return value === undefined ? [] : [[name, value.slice(0, 200)]];
  });
  return Object.fromEntries(typed);
}
