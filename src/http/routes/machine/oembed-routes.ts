import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { showCampaign } from '../../../actions/campaign/show-campaign.ts';
import type { Context } from '../../../context.ts';
import { NotFoundError } from '../../../domain/errors.ts';
import { CARD_SIZE } from '../../../web/index.ts';
import { sendTooMany } from '../../guards.ts';
import { getGate } from '../../limits/gate.ts';
import { mendedPath, withoutTakenAlong } from '../../mended-address.ts';
import { campaignPath } from '../../paths.ts';
import { sendProblem } from '../../problem.ts';
import { followCounted } from '../../short-links.ts';
import { briefView, languagesFor, WIDGET_SIZE, widgetCode } from '../../views/share-views.ts';

/** Below this nothing can be read; who asks for less gets this much. */
const MIN_WIDTH = { width: 240, height: 200 };
/** Seconds for which a site may keep the answer. */
const CACHE_AGE = 300;
const MAX_CHARACTERS = 2_000;

/** How sites that are given a campaign's address learn what to show for it. Source: oembed.com, 2.2 and 2.3. */
export function oembedRoutes(ctx: Context): RouteOptions[] {
  return [
    {
      method: 'GET',
      url: '/oembed',
      schema: { hide: true },
      handler: (request, reply) => answer(ctx, request, reply),
    },
  ];
}

async function answer(ctx: Context, request: FastifyRequest, reply: FastifyReply) {
  reply.header('access-control-allow-origin', '*');
  reply.header('cross-origin-resource-policy', 'cross-origin');
  const query = request.query as Record<string, unknown>;
  if (query.format !== undefined && query.format !== 'json') {
    return sendProblem(reply, { status: 501, detail: 'Only format=json is spoken here' });
  }
  const limits = { width: parseLimit(query.maxwidth), height: parseLimit(query.maxheight) };
  try {
    const { kind, name, lang } = readAddress(ctx, query.url);
    const rest = kind === 's' ? getGate(ctx).restOf(request) : null;
    if (rest !== null) return sendTooMany(reply, rest, 'address');
    const slug = kind === 's' ? await followCounted(ctx, request, name) : name;
    if (slug === null) throw nowhere();
    const embedded = await embedding(ctx, { slug, lang }, limits);
    return reply.header('cache-control', `public, max-age=${CACHE_AGE}`).send(embedded);
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    const detail =
      'url: must be the address of a public campaign here, such as https://HOST/c/SLUG';
    return sendProblem(reply, { status: 404, detail });
  }
}

async function embedding(
  ctx: Context,
  { slug, lang }: { slug: string; lang: string | undefined },
  limits: { width: number; height: number },
) {
  const shown = await showCampaign(ctx, {
    slug,
    textLocale: (campaign) => languagesFor(campaign, lang).textLocale,
  });
  const languages = languagesFor(shown.campaign, lang);
  const { shareLang } = languages;
  const brief = briefView(shown, languages);
  const width = Math.max(MIN_WIDTH.width, Math.min(limits.width, WIDGET_SIZE.width));
  const height = Math.max(MIN_WIDTH.height, Math.min(limits.height, WIDGET_SIZE.height));
  const thumbnail = `${ctx.baseUrl}${campaignPath(slug)}/card-${shareLang}.png`;
  const fits = limits.width >= CARD_SIZE.width && limits.height >= CARD_SIZE.height;
  return {
    version: '1.0',
    type: 'rich',
    title: brief.title,
    author_name: brief.organiser,
    provider_name: 'Tocsin',
    provider_url: ctx.baseUrl,
    cache_age: CACHE_AGE,
    html: widgetCode(ctx.baseUrl, brief, shareLang, { width, height }),
    width,
    height,
    ...(fits
      ? {
          thumbnail_url: thumbnail,
          thumbnail_width: CARD_SIZE.width,
          thumbnail_height: CARD_SIZE.height,
        }
      : {}),
  };
}

/** @throws NotFoundError for what is no campaign's address on this instance. */
function readAddress(ctx: Context, address: unknown) {
  const url = typeof address === 'string' && address.length <= MAX_CHARACTERS ? address : '';
  const { host, pathname, searchParams } = parsed(url, ctx.baseUrl);
  const path = mendedPath(pathname) ?? pathname;
  const [, kind, name = ''] = /^\/(c|s)\/([\w-]+)$/.exec(path) ?? [];
  if (host !== new URL(ctx.baseUrl).host || kind === undefined) throw nowhere();
  const lang = searchParams.get('lang');
  return { kind, name, lang: lang === null ? undefined : withoutTakenAlong(lang) };
}

function nowhere(): NotFoundError {
  return new NotFoundError('There is no campaign at this address');
}

/** @throws NotFoundError for what is no address on the web. */
function parsed(address: string, baseUrl: string): URL {
  // An instance behind https is still meant where the address has http, or leaves the scheme out.
  const url = address.startsWith('//') ? `${new URL(baseUrl).protocol}${address}` : address;
  if (!/^https?:/i.test(url) || !URL.canParse(url)) throw nowhere();
  return new URL(url);
}

/** In pixels; what is no number limits nothing. */
function parseLimit(value: unknown): number {
  const limit = typeof value === 'string' ? Number.parseInt(value, 10) : Number.NaN;
  return Number.isFinite(limit) && limit > 0 ? limit : Number.POSITIVE_INFINITY;
}
