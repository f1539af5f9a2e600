import type { CampaignState } from '../../domain/campaign.ts';
import type { ListView, MomentView } from './campaign.ts';
import type { FindingView, HoldView, StopView } from './health.ts';

export interface SignInView {
  /** The one-time link is being opened (a button finishes it), or there is nothing to open. */
  kind: 'confirm' | 'needed' | 'used';
  action: string | null;
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
