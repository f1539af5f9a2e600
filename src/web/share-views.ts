import type { Frame, MomentView } from './views.ts';

/** A network to pass a campaign on to; `href` opens its composer, or leads to where its server is asked for. */
export interface ShareWayView {
  name: string;
  label: string;
  href: string;
}

/** What the buttons for passing a campaign on need. Nothing in it says whether somebody has joined. */
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
  /** What was typed as one's own server; the button for it stands there once it is understood. */
  server: { value: string; wrong: boolean };
  /** The path of this page, for the form that asks for a server. */
  action: string;
  qrHref: string;
  /** The widget: its own address, and the code that puts it on another page. */
  widget: { href: string; code: string; title: string; height: number };
  card: { href: string; alt: string; width: number; height: number };
}

/** What cards and the widget say of a campaign. */
export interface BriefView {
  locale: string;
  slug: string;
  title: string;
  textLocale: string;
  organiser: string;
  moment: MomentView;
  /** What has become of it, and how many take part; null while there is nothing to be said. */
  figure: string | null;
  /** Whether it can be joined now. */
  open: boolean;
}

export type Theme = 'light' | 'dark' | 'auto';

/** The widget that stands on other people's pages. */
export interface WidgetView extends BriefView {
  theme: Theme;
  /** The campaign's page, whole. */
  href: string;
}
