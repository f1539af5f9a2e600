import type { CampaignState } from '../../domain/campaign.ts';
import type { MomentView } from './campaign.ts';
import type { FollowView, Frame } from './frame.ts';

/** A network to pass a campaign on to; `href` opens its composer, or leads to where its server is asked for. */
export interface ShareWayView {
  name: string;
  label: string;
  href: string;
}

/** What the buttons for passing a campaign on need. Nothing in it says whether the visitor has joined. */
export interface ShareView {
  /** The short link, whole. */
  link: string;
  ways: readonly ShareWayView[];
  /** Opens a mail. */
  mailHref: string;
}

/** The page with everything for passing a campaign on. */
export interface SharePageView extends Frame {
  title: string;
  textLocale: string;
  campaignHref: string;
  share: ShareView;
  /** The network that asks for one's own server, and what was typed; its button works once that is understood. */
  server: { label: string; value: string; wrong: boolean };
  /** The path of this page, for the form that asks for a server. */
  action: string;
  qrHref: string;
  /** The widget: its own address, and the code that puts it on another page. */
  widget: { href: string; code: string; title: string; height: number };
  card: { href: string; alt: string; width: number; height: number };
}

/** What cards and the widget say of a campaign, to everybody alike. */
export interface BriefView {
  /** Language of the interface. */
  locale: string;
  slug: string;
  state: CampaignState;
  title: string;
  textLocale: string;
  organiser: string;
  moment: MomentView;
  /** Rounded down for the public; null while it is too small to be shown. */
  joined: number | null;
  /** Likewise, once the moment is over; null before. */
  posted: number | null;
  /** Posts whose outcome is not known, and those that are still to come; 0 before the moment. */
  notKnown: number;
  stillToCome: number;
}

export interface CardView extends BriefView {
  /** The host of this instance, as people type it. */
  host: string;
  /** JPEG, PNG or WebP. */
  picture: { hash: string; bytes: Uint8Array } | null;
}

export type Theme = 'light' | 'dark' | 'auto';

/** The widget that stands on other people's pages. */
export interface WidgetView extends BriefView {
  theme: Theme;
  /** The campaign's page, whole. */
  href: string;
  /** Null once nothing changes any more. */
  follow: FollowView | null;
}
