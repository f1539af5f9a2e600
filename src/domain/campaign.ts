import type { Moment } from './moment.ts';

/** The states a campaign lives through; the arrows between them are in STATES.md. */
export const CAMPAIGN_STATES = [
  'draft',
  'in_review',
  'open',
  'locked',
  'firing',
  'settled',
  'rejected',
  'cancelled',
  'aborted',
  'missed_goal',
] as const;
export type CampaignState = (typeof CAMPAIGN_STATES)[number];

/** Which state may follow which; drawn in STATES.md. Changed only along these, always `where state = <expected>`. */
export const CAMPAIGN_ARROWS: Readonly<Record<CampaignState, readonly CampaignState[]>> = {
  draft: ['in_review', 'cancelled'],
  in_review: ['open', 'rejected', 'draft', 'cancelled'],
  open: ['locked', 'missed_goal', 'cancelled'],
  locked: ['firing', 'aborted'],
  firing: ['settled', 'aborted'],
  settled: [],
  rejected: ['draft'],
  cancelled: [],
  aborted: [],
  missed_goal: [],
};

/** What a state means to those who list, hold or forget campaigns. The lists of states in SQL and on pages are made of it. */
type CampaignPhase = 'unapproved' | 'open' | 'locked' | 'firing' | 'over';
const PHASES: Readonly<Record<CampaignState, CampaignPhase>> = {
  draft: 'unapproved',
  in_review: 'unapproved',
  open: 'open',
  locked: 'locked',
  firing: 'firing',
  settled: 'over',
  rejected: 'over',
  cancelled: 'over',
  aborted: 'over',
  missed_goal: 'over',
};

/** The states of these phases, in the order of CAMPAIGN_STATES. */
function campaignStatesIn(...phases: readonly CampaignPhase[]): readonly CampaignState[] {
  return CAMPAIGN_STATES.filter((state) => phases.includes(PHASES[state]));
}

/** A person still has to approve it. */
export const UNAPPROVED = campaignStatesIn('unapproved');
/** It is approved, and its moment is still to come. */
export const AHEAD = campaignStatesIn('open', 'locked');
/** It has deliveries, and they may still be sent. */
export const DELIVERING = campaignStatesIn('locked', 'firing');
/** It had deliveries, and none of them is sent any more. */
export const DELIVERY_OVER = CAMPAIGN_ARROWS.firing;
/** It is approved, and not over. */
export const UNDER_WAY = campaignStatesIn('open', 'locked', 'firing');
/** Its moment, or its posts, are still to come: it can be held. */
export const HOLDABLE: readonly CampaignState[] = ['in_review', ...UNDER_WAY];
/** It is approved, and was not stopped: people may post at its moment by themselves, and after it. */
export const ON_COURSE: readonly CampaignState[] = [...UNDER_WAY, 'settled'];
/** Nothing of it goes on by itself. */
export const OVER = campaignStatesIn('over');

/** Text in several languages: BCP 47 tag -> text. Every locale of the campaign has an entry. */
export type Localized = Readonly<Record<string, string>>;

/** An organisation as it is named on the page, with its own address. */
export interface Organisation {
  name: string;
  url?: string;
}

/** Where a claim of the story can be checked. */
export interface Source {
  title: string;
  /** https. */
  url: string;
}

/** What is said of the campaign's picture; the picture itself is kept beside the campaign. */
export interface PictureWords {
  /** For those who cannot see it. */
  alt: Localized;
  /** Who made it. */
  credit?: string;
}

/** What of a campaign is the same in every language. Its page is given all of it, so a field that is added here is there. */
export interface CommonContent {
  sources?: readonly Source[];
  /** Where money can be given; https. */
  donation?: string;
  organiser: Organisation;
  partners: readonly Organisation[];
  /** The page that the posts point to; https. */
  link: string;
  /** Pledges hoped for. */
  goal: number;
  /** Without the leading `#`, in the order in which they are posted. */
  hashtags: readonly string[];
}

/** What a campaigner wrote. It is stored as one JSON document and is frozen once the campaign is open. */
export interface CampaignContent extends CommonContent {
  title: Localized;
  /** Markdown. Raw HTML in it is refused by the validator, and never rendered. */
  story: Localized;
  /** To whom the letter goes, in a line. Absent: it has no addressee. */
  addressee?: Localized;
  /** The letter, markdown like the story. */
  letter?: Localized;
  picture?: PictureWords;
  /** BCP 47 tags, the first is the one shown when nothing fits the visitor. */
  locales: readonly string[];
  /** One Liquid template per locale; see template.ts for the placeholders. */
  messages: Localized;
  /** Other wordings of the message, per locale, for people who would rather say it another way. */
  variants?: Readonly<Record<string, readonly string[]>>;
  /** What stands before every post on a network that has content warnings, one line. Absent: nothing does. */
  contentWarning?: Localized;
  /** Supporters may write their own words in place of the campaign's. Absent: they may not. */
  ownWords?: boolean;
  /** People may leave an e-mail address, to be reminded at the moment. Absent: they may not. */
  reminders?: boolean;
}

/** That part of it, without texts and settings. */
export function commonContent(content: CampaignContent): CommonContent {
  const { title, story, addressee, letter, picture, messages, variants, ...rest } = content;
  const { locales, contentWarning, ownWords, reminders, ...common } = rest;
  return common;
}

/** A campaign as the product knows it. */
export interface Campaign {
  id: string;
  /** Lower-case letters, digits and hyphens; unique; the address is /c/SLUG. */
  slug: string;
  state: CampaignState;
  content: CampaignContent;
  moment: Moment;
}
