import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { findPublicCampaign } from '../../../actions/campaign/find-campaign.ts';
import { type PublicCampaign, showCampaign } from '../../../actions/campaign/show-campaign.ts';
import { showPicture } from '../../../actions/campaign/show-picture.ts';
import { shareLink } from '../../../actions/campaign/show-share-links.ts';
import { createStaleWhileRevalidate } from '../../../async/stale-while-revalidate.ts';
import type { Context } from '../../../context.ts';
import { NotFoundError } from '../../../domain/errors.ts';
import {
  LOCALES,
  type PageLanguages,
  pickLanguages,
  qrSvg,
  sharePage,
  widgetPage,
} from '../../../web/index.ts';
import type { CardView, Theme } from '../../../web/views/share.ts';
import { createCards } from '../../cards.ts';
import { followCampaign } from '../../follow.ts';
import { getGate } from '../../limits/gate.ts';
import { mendedAddress, withoutTakenAlong } from '../../mended-address.ts';
import {
  HTML,
  type PackedBody,
  PUBLIC,
  packBody,
  publicPages,
  sendPacked,
} from '../../page-cache.ts';
import { pickPageLanguages, sendHtml, sendNotice, toFrame } from '../../pages.ts';
import { campaignPath } from '../../paths.ts';
import { followCounted } from '../../short-links.ts';
import { spokenIn } from '../../spoken.ts';
import { briefView, cardBrief, languagesFor, sharePageView } from '../../views/share-views.ts';

/** How old a card may be, apart from the time that others keep it. */
const CARD_FRESH_MS = 10_000;
/** Cards of one process; some 60 KB each. */
const MAX_CARDS = 200;

/** Everything for passing a campaign on: the page for it, cards, QR codes, the widget, short links. */
export function shareRoutes(ctx: Context): RouteOptions[] {
  return [
    {
      method: 'GET',
      url: '/c/:slug/share',
      schema: { hide: true },
      config: PUBLIC,
      handler: (request, reply) => sharing(ctx, request, reply),
    },
    {
      method: 'GET',
      url: '/c/:slug/widget',
      schema: { hide: true },
      config: PUBLIC,
      handler: (request, reply) => widget(ctx, request, reply),
    },
    {
      method: 'GET',
      url: '/c/:slug/qr.svg',
      schema: { hide: true },
      handler: (request, reply) => qrCode(ctx, request, reply),
    },
    cardRoute(ctx),
    {
      method: 'GET',
      url: '/s/:code',
      schema: { hide: true },
      handler: (request, reply) => follow(ctx, request, reply),
    },
  ];
}

function sendSharePage(
  ctx: Context,
  slug: string,
  { textLocale }: PageLanguages,
): Promise<PublicCampaign> {
  return showCampaign(ctx, { slug, textLocale: () => textLocale });
}

async function sharing(ctx: Context, request: FastifyRequest, reply: FastifyReply) {
  const slug = parseSlug(request);
  const languages = pickPageLanguages(request, await spokenIn(ctx, slug));
  const server = parseQuery(request, 'server').slice(0, 300);
  const make = async () => {
    const frame = toFrame(languages, `${campaignPath(slug)}/share`);
    const shown = await sendSharePage(ctx, slug, languages);
    return sharePage(await sharePageView(ctx, shown, frame, languages, server));
  };
  allow(reply, { frameSrc: "'self'" });
  // The server that a visitor is at identifies them, so it is not passed on.
  if (server !== '') return sendHtml(reply, await make());
  return publicPages(ctx).send(request, reply, {
    key: JSON.stringify(['share', slug, languages]),
    type: HTML,
    make,
  });
}

async function widget(ctx: Context, request: FastifyRequest, reply: FastifyReply) {
  const slug = parseSlug(request);
  const languages = pickPageLanguages(request, await spokenIn(ctx, slug));
  const theme = parseTheme(parseQuery(request, 'theme'));
  const make = async () => {
    const shown = await sendSharePage(ctx, slug, languages);
    const href = ctx.baseUrl + campaignPath(slug, languages.lang);
    const follow = followCampaign(ctx, shown);
    return widgetPage({ ...briefView(shown, languages), theme, href, follow });
  };
  // The only page that others may put into theirs.
  allow(reply, { frameAncestors: '*' });
  reply.removeHeader('x-frame-options');
  // In a sandbox it has an origin of its own: it may ask for itself again, and browsers warn of being asked for one.
  reply.header('access-control-allow-origin', '*');
  reply.removeHeader('origin-agent-cluster');
  const key = JSON.stringify(['widget', slug, languages, theme]);
  return publicPages(ctx).send(request, reply, { key, type: HTML, make });
}

/** Of the short link: in the language that the address of the code names, else without one, so that the scanner's browser chooses. */
async function qrCode(ctx: Context, request: FastifyRequest, reply: FastifyReply) {
  const campaign = await findPublicCampaign(ctx, { slug: parseSlug(request) });
  const wanted = parseQuery(request, 'lang');
  const lang = wanted === '' ? null : languagesFor(campaign, wanted).shareLang;
  const link = await shareLink(ctx, campaign.id, lang);
  return reply
    .header('cache-control', 'public, max-age=3600')
    .header('cross-origin-resource-policy', 'cross-origin')
    .type('image/svg+xml')
    .send(qrSvg(link));
}

function cardRoute(ctx: Context): RouteOptions {
  const cards = createStaleWhileRevalidate<PackedBody>({
    freshMs: () => CARD_FRESH_MS,
    maxEntries: MAX_CARDS,
  });
  const draw = createCards();
  return {
    method: 'GET',
    url: '/c/:slug/card-:lang(^[A-Za-z0-9-]{2,35}).png',
    schema: { hide: true },
    handler: async (request, reply) => {
      const { slug, lang } = request.params as { slug: string; lang: string };
      const spoken = await spokenIn(ctx, slug);
      if (![...LOCALES, ...spoken].includes(lang)) {
        throw new NotFoundError('There is no card in this language');
      }
      const body = await cards.get(`${slug} ${lang}`, async () => {
        const languages = pickLanguages(undefined, lang, spoken);
        const shown = await sendSharePage(ctx, slug, languages);
        const host = new URL(ctx.baseUrl).host;
        const picture = await pictureOf(ctx, shown);
        const png = await draw({ ...cardBrief(shown, languages), host, picture });
        return packBody(png, 'image/png', { gzip: 0, brotli: 0 });
      });
      reply.header('cache-control', 'public, max-age=300');
      reply.header('cross-origin-resource-policy', 'cross-origin');
      return sendPacked(request, reply, body, 'Accept-Encoding');
    },
  };
}

/** Wide enough for its place on a card. */
const PICTURE_WIDTH = 640;

async function pictureOf(ctx: Context, shown: PublicCampaign): Promise<CardView['picture']> {
  const { campaign, picture } = shown;
  const sizes = picture?.sizes ?? [];
  const size = sizes.find(({ width }) => width >= PICTURE_WIDTH) ?? sizes.at(-1);
  if (!picture || !campaign.content.picture || !size) return null;
  const { slug } = campaign;
  const { bytes } = await showPicture(ctx, { slug, hash: picture.hash, width: size.width });
  return { hash: picture.hash, bytes };
}

async function follow(ctx: Context, request: FastifyRequest, reply: FastifyReply) {
  const mended = mendedAddress(request);
  if (mended !== null) return reply.redirect(mended, 302);
  const { code } = request.params as { code: string };
  // These are short enough to be guessed, so it is asked before anything is looked up.
  if (!(await getGate(ctx).mayGuess(request, reply))) return reply;
  const slug = await followCounted(ctx, request, code);
  if (slug === null) return sendNotice(request, reply.code(404), 'not_found');
  const lang = withoutTakenAlong(parseQuery(request, 'lang'));
  // A language that the interface does not speak may still be one that the campaign does.
  const path = campaignPath(slug, /^[a-z0-9-]{2,35}$/i.test(lang) ? lang : undefined);
  return reply.header('cache-control', 'public, max-age=60').redirect(path, 302);
}

/** The exception to the page's content security policy. */
function allow(reply: FastifyReply, more: { frameSrc?: string; frameAncestors?: string }): void {
  const name = 'content-security-policy';
  const policy = String(reply.getHeader(name) ?? '').split(';');
  const kept = policy.map((one) =>
    more.frameAncestors !== undefined && one.trim().startsWith('frame-ancestors')
      ? `frame-ancestors ${more.frameAncestors}`
      : one,
  );
  if (more.frameSrc !== undefined) kept.push(`frame-src ${more.frameSrc}`);
  reply.header(name, kept.join(';'));
}

function parseTheme(theme: string): Theme {
  return theme === 'light' || theme === 'dark' ? theme : 'auto';
}

function parseSlug(request: FastifyRequest): string {
  return (request.params as { slug: string }).slug;
}

/** '' for whatever else a client may send. */
function parseQuery(request: FastifyRequest, name: string): string {
  const value = (request.query as Record<string, unknown>)[name];
  return typeof value === 'string' ? value : '';
}
