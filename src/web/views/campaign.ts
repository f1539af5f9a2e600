import type { CampaignState, CommonContent } from '../../domain/campaign.ts';
import type { TextUnit, UnfitText } from '../../domain/text-rule.ts';
import type { FollowView, Frame, PreviewLinks } from './frame.ts';

export interface MomentView {
  instant: string;
  /** Wall time as the campaigner gave it, without offset: 2017-07-10T11:00. */
  wall: string;
  zone: string;
}

export interface CampaignCard {
  slug: string;
  /** Of the campaign's page. */
  href: string;
  title: string;
  /** Language of the title. */
  textLocale: string;
  organiser: string;
  moment: MomentView;
  state: CampaignState;
}

/** One page of a list of campaigns, in the order in which they are shown. */
export interface ListView<Campaign> {
  campaigns: readonly Campaign[];
  /** Where the next page is; null on the last one. */
  moreHref: string | null;
}

/** A list that is null is not on this page. */
export interface HomeView extends Frame {
  coming: ListView<CampaignCard> | null;
  past: ListView<CampaignCard> | null;
}

/** One text on one platform. */
export interface TextOn {
  platform: string;
  label: string;
  text: string;
  /** What stands before the text there; absent where nothing does. */
  contentWarning?: string;
  /** With the content warning. */
  length: number;
  limit: number;
  /** Of both. */
  unit: TextUnit;
  /** Which rule it breaks besides its length. */
  refused?: UnfitText;
  /** A name without `https://` becomes no link there. */
  leavesNames?: true;
}

/** How a campaign ended up, for everybody. */
export interface ResultView {
  posted: number;
  total: number;
  unconfirmed: number;
  /** Those that wait for a later time. */
  stillToCome: number;
  /** Those that no network took, and those that were not sent. */
  refused: number;
  /** The networks that did not take one, as people call them. */
  refusedBy: readonly string[];
  /** How many say that they posted by themselves; in none of the other figures. */
  byHand: number;
  /** Milliseconds after the moment at which posts were sent; null until all is over, or nothing was. */
  lateness: { first: number; p50: number; p99: number; max: number } | null;
  /** The burst; empty likewise. */
  curve: readonly CurveBarView[];
}

/** The campaign's picture in the sizes that there are; all of them lie with us. */
export interface PictureView {
  src: string;
  /** For the `srcset` attribute. */
  srcset: string;
  /** Of `src`, in pixels. */
  width: number;
  height: number;
  alt: string;
  credit: string | null;
}

/** Something that the campaigner tells while the campaign goes on. */
export interface UpdateView {
  /** ISO 8601, UTC. */
  at: string;
  /** Markdown. */
  text: string;
  locale: string;
}

export interface CampaignView extends Frame, CommonContent {
  slug: string;
  state: CampaignState;
  title: string;
  /** Markdown, written by the campaigner. */
  story: string;
  /** Language of title, story and message, which may not be the interface's. */
  textLocale: string;
  /** To whom the letter goes, and the letter, markdown. */
  addressee: string | null;
  letter: string | null;
  picture: PictureView | null;
  /** The newest first. */
  updates: readonly UpdateView[];
  /** How many people follow those whose posts went out, rounded; null before the result, and where nothing is known. */
  reach: number | null;
  /** Where the page with everything for passing it on is. */
  shareHref: string;
  /** What others show of the page. */
  preview?: PreviewLinks;
  /** Rounded down for the public; null while it is too small to be shown. */
  joined: number | null;
  moment: MomentView;
  /** Whole days until the moment; 0 on the last. */
  daysLeft?: number;
  /** When joining closes. */
  closesAt: string;
  /** The message on each platform that can be joined with. */
  options: readonly TextOn[];
  /** How many wordings there are to choose from, the message among them. */
  wordings: number;
  ownWords: boolean;
  /** Where joining begins; its address says nothing of the campaign. */
  joinHref: string;
  /** The way for people who post by themselves; likewise. */
  assistedHref: string;
  /** Only once the moment has passed. */
  result: ResultView | null;
  /** Null once nothing changes any more. */
  follow: FollowView | null;
}

/** One column of the curve: posts sent in [fromMs, fromMs + widthMs) after the moment. */
export interface CurveBarView {
  fromMs: number;
  widthMs: number;
  posts: number;
}
