import type { CampaignRecord } from '../../actions/campaign/records.ts';
import type { PublicCampaign } from '../../actions/campaign/show-campaign.ts';
import {
  type ShareWay,
  type Sharing,
  showShareLinks,
} from '../../actions/campaign/show-share-links.ts';
import type { Context } from '../../context.ts';
import { publicCount } from '../../domain/public-count.ts';
import { drawnLocale } from '../../web/cards/card-letters.ts';
import { CARD_SIZE, cardAlt, type PageLanguages, pickLanguages } from '../../web/index.ts';
import type { Frame, PreviewLinks } from '../../web/views/frame.ts';
import type { BriefView, SharePageView, ShareView, ShareWayView } from '../../web/views/share.ts';
import { campaignPath } from '../paths.ts';
import { inLocale, momentView, stillToCome } from './campaign-views.ts';

/** Fits the longest title on a phone; what is left is white. */
export const WIDGET_SIZE = { width: 560, height: 400 } as const;

/** Languages for whom only the language of a link is known, as for other sites. */
export function languagesFor({ content }: CampaignRecord, lang: string | undefined): PageLanguages {
  return pickLanguages(undefined, lang, content.locales);
}

/** What the buttons for passing a campaign on need, on any page. */
export async function shareView(
  ctx: Context,
  campaign: CampaignRecord,
  languages: PageLanguages,
): Promise<ShareView> {
  const sharing = await showShareLinks(ctx, sharedOf(campaign, languages, ''));
  return buttonsOf(campaign, sharing, languages);
}

/** @param server As the visitor typed it. */
export async function sharePageView(
  ctx: Context,
  shown: PublicCampaign,
  frame: Frame,
  languages: PageLanguages,
  server: string,
): Promise<SharePageView> {
  const { campaign } = shown;
  const { lang, shareLang } = languages;
  const brief = briefView(shown, languages);
  const sharing = await showShareLinks(ctx, sharedOf(campaign, languages, server));
  const path = campaignPath(campaign.slug);
  return {
    ...frame,
    title: brief.title,
    textLocale: brief.textLocale,
    campaignHref: campaignPath(campaign.slug, lang),
    share: buttonsOf(campaign, sharing, languages),
    server: { ...sharing.server, label: toAsking(sharing) },
    action: `${path}/share`,
    qrHref: `${path}/qr.svg?lang=${shareLang}`,
    widget: {
      href: `${path}/widget?lang=${shareLang}`,
      code: widgetCode(ctx.baseUrl, brief, shareLang, WIDGET_SIZE),
      title: brief.title,
      height: WIDGET_SIZE.height,
    },
    card: {
      href: `${path}/card-${shareLang}.png`,
      alt: cardAlt(cardBrief(shown, languagesFor(campaign, shareLang)), new URL(ctx.baseUrl).host),
      ...CARD_SIZE,
    },
  };
}

/** The network that asks for one's own server. */
function toAsking({ ways }: Sharing): string {
  return ways.find(({ requires }) => requires === 'server')?.label ?? '';
}

function sharedOf(campaign: CampaignRecord, languages: PageLanguages, server: string) {
  const title = inLocale(campaign.content.title, languages.textLocale);
  return { id: campaign.id, title, lang: languages.shareLang, server };
}

function buttonsOf(
  campaign: CampaignRecord,
  sharing: Sharing,
  { lang, textLocale }: PageLanguages,
): ShareView {
  const title = inLocale(campaign.content.title, textLocale);
  const requires = `${campaignPath(campaign.slug)}/share?lang=${lang}#server`;
  const wayView = ({ name, label, href, ...way }: ShareWay): ShareWayView => {
    const named = way.requires === 'server' && href !== null;
    return {
      name,
      label: named ? `${label} (${sharing.server.value})` : label,
      href: href ?? requires,
    };
  };
  return {
    link: sharing.link,
    ways: sharing.ways.map(wayView),
    mailHref: mailTo(title, `${title}\r\n\r\n${sharing.link}`),
  };
}

/** RFC 6068. */
function mailTo(subject: string, body: string): string {
  return `mailto:?subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(body)}`;
}

/** What a card and the widget say; all of it is for everybody, and counts are rounded. */
export function briefView(
  shown: PublicCampaign,
  { locale, textLocale }: Pick<PageLanguages, 'locale' | 'textLocale'>,
): BriefView {
  const { campaign, state, joined, totals } = shown;
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

/** The same for a card, whose letters have to be drawn: in the language that `drawnLocale` finds, else as it is. */
export function cardBrief(shown: PublicCampaign, languages: PageLanguages): BriefView {
  const drawn = drawnLocale(shown.campaign.content, languages);
  return briefView(shown, { ...languages, textLocale: drawn ?? languages.textLocale });
}

/** What goes into the head of a campaign's page. */
export function previewLinks(
  baseUrl: string,
  shown: PublicCampaign,
  { textLocale, shareLang, spoken }: PageLanguages,
): PreviewLinks {
  const { campaign } = shown;
  const page = baseUrl + campaignPath(campaign.slug);
  const url = baseUrl + campaignPath(campaign.slug, shareLang);
  return {
    url,
    canonical: baseUrl + campaignPath(campaign.slug, textLocale),
    image: {
      url: `${page}/card-${shareLang}.png`,
      alt: cardAlt(cardBrief(shown, languagesFor(campaign, shareLang)), new URL(baseUrl).host),
      ...CARD_SIZE,
    },
    locale: textLocale,
    locales: spoken,
    oembed: `${baseUrl}/oembed?format=json&url=${encodeURIComponent(url)}`,
  };
}

/** The code that puts the widget on another page. It brings no script. */
export function widgetCode(
  baseUrl: string,
  { slug, title, textLocale }: BriefView,
  lang: string,
  size: { width: number; height: number },
): string {
  const src = `${baseUrl}${campaignPath(slug)}/widget?lang=${lang}`;
  return [
    `<iframe src="${escapeHtml(src)}" title="${escapeHtml(title)}"`,
    `width="${size.width}" height="${size.height}" loading="lazy"`,
    `lang="${textLocale}" style="border:0;max-width:100%"></iframe>`,
  ].join(' ');
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
