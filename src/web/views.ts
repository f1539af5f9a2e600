import type { CampaignState, Organisation, Source } from '../domain/campaign.ts';
import type { DeliveryState } from '../domain/delivery.ts';
import type { TroubleKind } from '../domain/health/platforms.ts';
import type { HoldKind, HoldScope } from '../domain/hold.ts';
import type { RefusalReason } from '../domain/outcome.ts';
import type { SignProblem } from '../domain/sign-problem.ts';
import type { TextUnit, UnfitText } from '../domain/text-rule.ts';
import type { Closing } from '../domain/try-again.ts';
import type { AssistedFiguresView } from './assisted-figures.ts';

/**
 * What each page needs to know, and nothing else. Routes fill these in; pages turn them into HTML.
 * Instants are ISO 8601 in UTC; counts are already rounded for the public by whoever fills them in.
 */

/** How an open page keeps up with its campaign; see assets/follow.js. */
export interface FollowView {
  /** Where the campaign's state is asked for. */
  href: string;
  /** Of what this page shows of the campaign; null for a page that is made for one person. */
  version: string | null;
  /** When joining closes, and the moment. */
  changes: readonly string[];
  /** Seconds after which a browser without scripts loads the page again; null while nothing is about to change. */
  refresh: number | null;
}

/** A language the page can be had in; `href` leads to the same page in it. */
export interface LanguageLink {
  tag: string;
  /** The language's own name for itself. */
  name: string;
  href: string;
  current: boolean;
  /** The page's own words are there in it, the campaign's texts are not. */
  interfaceOnly?: true;
}

/** What others show of a page when somebody passes its address on. All addresses are whole. */
export interface PreviewLinks {
  /** The page's address, in its languages: who follows it for a preview gets them, too. */
  url: string;
  /** The same in the language of the campaign's text, for search engines: there is one for each of `locales`. */
  canonical: string;
  image: { url: string; width: number; height: number; alt: string };
  /** Language of the campaign's text, and all that the campaign is written in. */
  locale: string;
  locales: readonly string[];
  /** Where its oEmbed description is. */
  oembed: string;
}

/** What every page for supporters carries. */
export interface Frame {
  /** Language of the interface. */
  locale: string;
  /** What the page's links carry as `lang`, so that languages stay as they were chosen. */
  lang: string;
  /** Empty where a page has only one address for all languages. */
  languages: readonly LanguageLink[];
  /** Absolute address of the page, without a language. Only pages that everybody may find have one. */
  canonical?: string;
}

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
  refused: number;
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

export interface CampaignView extends Frame {
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
  sources: readonly Source[];
  donation: string | null;
  /** The newest first. */
  updates: readonly UpdateView[];
  /** How many people follow those whose posts went out, rounded; null before the result, and where nothing is known. */
  reach: number | null;
  /** Where the page with everything for passing it on is. */
  shareHref: string;
  /** What others show of the page. */
  preview?: PreviewLinks;
  organiser: Organisation;
  partners: readonly Organisation[];
  link: string;
  goal: number;
  /** Rounded down for the public; null while it is too small to be shown. */
  joined: number | null;
  hashtags: readonly string[];
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

/** Pages that only say something, in words a supporter can act on. */
export type NoticeKind =
  | 'denied'
  | 'other_account'
  | 'again_elsewhere'
  | 'other_server'
  | 'old_address'
  | 'expired'
  | 'replayed'
  | 'stranger'
  | 'closed'
  | 'no_page'
  | 'service_refused'
  | 'answer_refused'
  | 'permission_missing'
  | 'refused_unsaid'
  | 'asked_to_wait'
  | 'platform_broken'
  | 'account_unfit'
  | 'platform_failed'
  | 'not_found'
  | 'receipt_gone'
  | 'receipt_erased'
  | 'receipt_over'
  | 'words_gone'
  | 'forbidden'
  | 'bad_request'
  | 'too_long'
  | 'away'
  | 'away_unspent'
  | 'error';

/** How a campaign has ended. */
export type Over = 'settled' | 'cancelled' | 'aborted' | 'missed_goal' | 'rejected';

export interface NoticeView extends Frame {
  kind: NoticeKind;
  /** The platform that it was about, as people call it. */
  platformLabel?: string | undefined;
  /** How the campaign has ended, if it has: then there is nothing to join. */
  over?: Over | null | undefined;
  /** What is the matter with an account that is unfit, and on which platform. */
  unfit?: { reason: RefusalReason; platformLabel: string } | undefined;
  /** Until when the network wants to be left alone; the zone is the campaign's. */
  until?: { instant: string; zone: string } | null | undefined;
  /** What the end of joining means for trying again, where it means anything. */
  closing?: ClosingView | null | undefined;
  /** The campaign, if that is known. */
  back: WayBack | null;
  /** The page with the words that were chosen, to begin again from. */
  againHref?: string | null | undefined;
  /** The receipt of somebody who has joined already: it stands as it was. */
  receiptHref?: string | null | undefined;
  /** For somebody who began elsewhere. */
  begin?: BeginView | null | undefined;
  /** Where to agree to a wider permission, where that may show the page that is missing. */
  missingHref?: string | null | undefined;
}

/** When joining closes; the zone is the campaign's. */
export interface ClosingView {
  kind: Closing;
  instant: string;
  zone: string;
}

/** How the campaign's own words are chosen again: a form with these fields; a link where `fields` is null, since there was more to them. */
export interface BeginView {
  action: string;
  fields: readonly (readonly [name: string, value: string])[] | null;
}

/** The page on which a browser proves that it has worked, or waits for its turn. */
export interface WaitView extends Frame {
  /** Until the turn comes, or until it is worth trying again. */
  seconds: number;
  /** What is sent again then; null while nothing can be begun. */
  again: {
    method: 'get' | 'post';
    action: string;
    /** What was sent, by name. */
    fields: readonly (readonly [name: string, value: string])[];
    /** The puzzle, as work.js reads it. */
    challenge: string;
    /** The ticket of the turn. */
    turn: string;
    /** The same address with the turn in it, for pages that are only read. */
    laterHref: string;
  } | null;
}

/** The campaign that somebody came from, and where the way back leads. */
export interface WayBack {
  href: string;
  title: string;
  /** Language of the title. */
  textLocale: string;
  /** Doing it oneself at the moment, where that is still to come. */
  assistedHref: string | null;
}

export interface SignInView {
  /** The one-time link is being opened (a button finishes it), or there is nothing to open. */
  kind: 'confirm' | 'needed' | 'used';
  action: string | null;
}

/** Something about the instance that is not as it should be; see `domain/health.ts`. */
export interface FindingView {
  check: string;
  level: 'red' | 'warning';
  what: string;
  since: string;
  mend: string;
  about: readonly string[];
}

/** Something that holds posts back, and who said so. */
export interface HoldView {
  scope: HoldScope;
  kind: HoldKind;
  /** A campaign's slug, a platform's name as people call it, or `instance`. */
  subject: string;
  who: string;
  since: string;
  /** It ends by itself then; null: only when somebody resumes. */
  until: string | null;
  reason: string;
  /** Where the form that lets sending go on after a restore posts to; null for what is held otherwise. */
  releaseAction: string | null;
}

/** Where the buttons that stop something, or let it go on, post to; null where there is nothing to pause. */
export interface StopView {
  /** What is stopped, as people call it. */
  label: string;
  /** What has to be typed before an abort. */
  confirm: string;
  pauseAction: string | null;
  resumeAction: string | null;
  abortAction: string;
}

/** A platform, and what an operator has to know and say before supporters can join with it. */
export interface OperatorPlatform {
  name: string;
  label: string;
  connected: boolean;
  simulated: boolean;
  offered: boolean;
  /** What its rules say of posts like ours; null while it is not connected. */
  rules: { says: readonly string[]; source: string; asOf: string } | null;
  acceptance: { who: string; at: string; lapsed: boolean } | null;
  /** Where the forms post to; null where there is nothing to accept, or to withdraw. */
  acceptAction: string | null;
  withdrawAction: string | null;
}

export interface OperatorPlatformsView {
  platforms: readonly OperatorPlatform[];
  /** Why what was just asked for could not be done; null when nothing was, or it was done. */
  problem: string | null;
  signOutAction: string;
}

export interface OperatorCampaign {
  slug: string;
  title: string;
  /** Language of the title. */
  textLocale: string;
  state: CampaignState;
  moment: MomentView;
  pledges: number;
  /** Where the form to approve it posts to; null when there is nothing to approve. */
  approveAction: string | null;
  /** Which rules of time zones its moment goes by, and how old they are; where it is to be approved. */
  rules?: string;
}

export interface OperatorHomeView {
  /** The networks that are connected, as people call them. */
  networks: readonly string[];
  /** Those of them whose rules nobody has accepted, so that nobody can join with them. */
  unaccepted: readonly string[];
  /** Why what was just asked for could not be done; null when nothing was, or it was done. */
  problem: string | null;
  /** For a decision, before their moment; to come or under way; all others. A list that is null is not on this page. */
  waiting: ListView<OperatorCampaign> | null;
  coming: ListView<OperatorCampaign> | null;
  past: ListView<OperatorCampaign> | null;
  /** What /readyz names; empty when all is well. */
  findings: readonly FindingView[];
  /** Everything that is held now. */
  holds: readonly HoldView[];
  /** The whole instance, and each platform. */
  stops: readonly StopView[];
  signOutAction: string;
}

/** Whether a platform takes our app, as found last. */
export interface AppView {
  label: string;
  ok: boolean;
  /** Null where all is well, and where it was seen by an older version. */
  trouble: TroubleKind | null;
  /** What the platform said; empty where all is well. */
  detail: string;
  checkedAt: string;
  /** Set while it is left alone; it is asked again then. */
  restsUntil: string | null;
}

/** How ready a campaign is for its moment. `ready`, `dead` and `unchecked` add up to `pledges`. */
export interface ReadinessView {
  pledges: number;
  ready: number;
  dead: number;
  barred: number;
  unchecked: number;
  app: readonly AppView[];
}

/** One column of the curve: posts sent in [fromMs, fromMs + widthMs) after the moment. */
export interface CurveBarView {
  fromMs: number;
  widthMs: number;
  posts: number;
}

/** The figures of the delivery page; one SSE event carries these, rendered. */
export interface WorkerView {
  name: string;
  seenSecondsAgo: number;
  /** How far its clock is from the database's. */
  clockOffsetMs: number;
  /** How far the networks' clocks are ahead of the database's, by hosts that the configuration names; null: none has answered. */
  networkOffsetMs?: number | null;
  /** The same by servers that supporters name, which may lie. */
  namedOffsetMs?: number | null;
  /** Whether the first is an alarm. */
  networkOff?: boolean;
  /** The edition of the rules of time zones that it goes by. */
  zoneRules?: string;
}

export interface DeliveryFigures {
  /** When the figures were read. */
  at: string;
  state: CampaignState;
  /** How many of the unconfirmed are still looked for. */
  looking: number;
  pledges: number;
  /** Every state of DELIVERY_STATES, with zeroes; they add up to the deliveries. */
  totals: Readonly<Record<DeliveryState, number>>;
  /** Milliseconds after the moment at which posts were sent; null before the first. */
  lateness: { p50: number; p99: number; max: number; first: number } | null;
  curve: readonly CurveBarView[];
  reasons: readonly { reason: string; count: number }[];
  /** Each worker process seen lately, with its clock's offset to the database in ms. */
  workers: readonly WorkerView[];
  /** What /readyz names; empty when all is well. */
  findings: readonly FindingView[];
  /** What holds this campaign's posts now. */
  holds: readonly HoldView[];
  /** Null from the moment on. */
  readiness: ReadinessView | null;
  assisted: AssistedFiguresView;
}

/** A moment that the rules of its time zone put in doubt, or times that nobody decided. */
export interface MomentDoubtView {
  /** What is in doubt, in a sentence. */
  what: string;
  /** `changed`: the database had times that nobody decided. */
  cause: 'rules' | 'changed';
  /** The instant that it is set for; ISO 8601, UTC. */
  instant: string;
  /** Instants that it can be moved to, and whose word each is. */
  choices: readonly { instant: string; sources: readonly string[] }[];
  /** Where the form posts to. */
  action: string;
}

export interface DeliveryView {
  slug: string;
  title: string;
  /** Language of the title. */
  textLocale: string;
  moment: MomentView;
  figures: DeliveryFigures;
  /** Null once the campaign is over. */
  stop: StopView | null;
  /** Which rules of time zones the moment goes by, and how old they are. */
  rules: string;
  /** What a person has to decide about the moment; null where it is certain. */
  doubt: MomentDoubtView | null;
  /** Why what was just asked for could not be done; null when nothing was, or it was done. */
  problem: string | null;
  /** Where the SSE stream of rendered figures is. */
  eventsUrl: string;
  signOutAction: string;
}

/** The page on which a supporter says which of several pages takes part. */
export interface ChooseView extends Frame {
  platformLabel: string;
  /** Where the choice goes. */
  action: string;
  names: readonly string[];
  back: WayBack | null;
  /** Where to agree to a wider permission, where that may show the page that is missing. */
  missingHref?: string | null | undefined;
}

/** The page on which a supporter signs the post themselves. */
export interface SignView extends Frame {
  platformLabel: string;
  /** Where the signed event goes. */
  action: string;
  state: string;
  /** What is to be signed, as JSON. */
  unsigned: string;
  /** What was pasted before, and why it was not taken; '' and null at first. */
  pasted: string;
  problem: SignProblem | null;
  back: WayBack;
}
