import type { CampaignState } from '../../domain/campaign.ts';
import type { DeliveryState } from '../../domain/delivery.ts';
import type { AssistedFiguresView } from '../assisted-figures.ts';
import type { CurveBarView, MomentView } from './campaign.ts';
import type { FindingView, HoldView, MomentDoubtView, ReadinessView, StopView } from './health.ts';

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
