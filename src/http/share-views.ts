import type { CampaignRecord } from '../actions/records.ts';
import { type ShareWay, type Sharing, shareCampaign } from '../actions/share-campaign.ts';
import type { PublicCampaign } from '../actions/show-campaign.ts';
import type { Context } from '../context.ts';
import { publicCount } from '../domain/public-count.ts';
import { CARD_SIZE, cardAlt, LOCALES, pickLocale } from '../web/index.ts';
import type { BriefView, SharePageView, ShareView, ShareWayView } from '../web/share-views.ts';
import type { Frame, PreviewLinks } from '../web/views.ts';
import { inLocale, momentView, stillToCome } from './views.ts';

/** Fits the longest title on a phone; what is left is white. */
export const WIDGET_SIZE = { width: 560, height: 400 } as const;

/** The campaign's own language for whom only the language of the interface is known. */
export function textLocaleFor(campaign: CampaignRecord, locale: string): string {
  return pickLocale(undefined, locale, campaign.content.locales);
}

/** What the buttons for passing a campaign on need, on any page. */
export async function shareView(
  ctx: Context,
  campaign: CampaignRecord,
  locale: string,
): Promise<ShareView> {
  const sharing = await shareCampaign(ctx, sharedOf(campaign, locale, ''));
  return buttonsOf(campaign, sharing, locale);
}

/** @param server As the visitor typed it. */
export async function sharePageView(
  ctx: Context,
  shown: PublicCampaign,
  frame: Frame,
  server: string,
): Promise<SharePageView> {
  const { campaign } = shown;
  const { locale } = frame;
  const brief = briefView(shown, locale);
  const sharing = await shareCampaign(ctx, sharedOf(campaign, locale, server));
  const path = campaignPath(campaign.slug);
  return {
    ...frame,
    title: brief.title,
    textLocale: brief.textLocale,
    campaignHref: `${path}?lang=${locale}`,
    share: buttonsOf(campaign, sharing, locale),
    server: { ...sharing.server, label: askingOf(sharing) },
    action: `${path}/share`,
    qrHref: `${path}/qr.svg`,
    widget: {
      href: `${path}/widget?lang=${locale}`,
      code: widgetCode(ctx.baseUrl, brief, WIDGET_SIZE),
      title: brief.title,
      height: WIDGET_SIZE.height,
    },
    card: { href: `${path}/card-${locale}.png`, alt: cardAlt(brief), ...CARD_SIZE },
  };
}

/** The network that asks for one's own server. */
function askingOf({ ways }: Sharing): string {
  return ways.find(({ asks }) => asks === 'server')?.label ?? '';
}

function sharedOf(campaign: CampaignRecord, locale: string, server: string) {
  const title = inLocale(campaign.content.title, textLocaleFor(campaign, locale));
  return { id: campaign.id, title, locale, server };
}

function buttonsOf(campaign: CampaignRecord, sharing: Sharing, locale: string): ShareView {
  const title = inLocale(campaign.content.title, textLocaleFor(campaign, locale));
  const asks = `${campaignPath(campaign.slug)}/share?lang=${locale}#server`;
  const wayView = ({ name, label, href, ...way }: ShareWay): ShareWayView => {
    const named = way.asks === 'server' && href !== null;
    return {
      name,
      label: named ? `${label} (${sharing.server.value})` : label,
      href: href ?? asks,
    };
  };
  return {
    link: sharing.link,
    ways: sharing.ways.map(wayView),
    mailHref: mailTo(title, `${title}\r\n\r\n${sharing.linkIn}`),
  };
}

/** RFC 6068. */
function mailTo(subject: string, body: string): string {
  return `mailto:?subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(body)}`;
}

/** What a card and the widget say; all of it is for everybody, and counts are rounded. */
export function briefView(shown: PublicCampaign, locale: string): BriefView {
  const { campaign, state, joined, totals } = shown;
  const textLocale = textLocaleFor(campaign, locale);
  return {
    locale,
    slug: campaign.slug,
    state,
    title: inLocale(campaign.content.title, textLocale),
    textLocale,
    organiser: campaign.content.organiser.name,
    moment: momentView(campaign.moment),
    joined,
    posted: totals === null ? null : publicCount(totals.posted),
    notKnown: totals?.unconfirmed ?? 0,
    stillToCome: totals === null ? 0 : stillToCome(totals),
  };
}

/** What goes into the head of a campaign's page. */
export function previewLinks(baseUrl: string, brief: BriefView): PreviewLinks {
  const url = `${baseUrl}${campaignPath(brief.slug)}?lang=${brief.locale}`;
  return {
    url,
    image: {
      url: `${baseUrl}${campaignPath(brief.slug)}/card-${brief.locale}.png`,
      alt: cardAlt(brief),
      ...CARD_SIZE,
    },
    locales: LOCALES,
    oembed: `${baseUrl}/oembed?format=json&url=${encodeURIComponent(url)}`,
  };
}

/** The code that puts the widget on another page. It brings no script. */
export function widgetCode(
  baseUrl: string,
  { slug, locale, title }: BriefView,
  size: { width: number; height: number },
): string {
  const src = `${baseUrl}${campaignPath(slug)}/widget?lang=${locale}`;
  return [
    `<iframe src="${escapeHtml(src)}" title="${escapeHtml(title)}"`,
    `width="${size.width}" height="${size.height}" loading="lazy"`,
    'style="border:0;max-width:100%"></iframe>',
  ].join(' ');
}

export function campaignPath(slug: string): string {
  return `/c/${encodeURIComponent(slug)}`;
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
