import type { Context } from '../../context.ts';
import type { RefusalReason } from '../../domain/outcome.ts';
import type { SignProblem } from '../../platforms/platform.ts';
import { type CampaignRecord, findCampaign } from '../../store/campaign.ts';
import type { FlowEnd } from '../../store/schema.ts';
import { receiptBehind } from '../pledge/receipt-behind.ts';
import type { OpenFlow } from './flow-content.ts';

/** Why no pledge came of it. */
export type JoinProblem =
  | 'denied'
  /** They came back to the address of another server than the one they set out for. */
  | 'other_server'
  /** They came back to an address of before servers had their own. */
  | 'old_address'
  | 'expired'
  | 'replayed'
  /** It began in another browser, or in this one, which keeps no cookies. */
  | 'stranger'
  | 'closed'
  /** The account that came back is not the one that was to be connected again. */
  | 'other_account'
  /** A pledge is connected again in the browser alone in which that began. */
  | 'again_elsewhere'
  /** There is nothing that the person could post to, such as a page of their own. */
  | 'no_page'
  /** The platform did not take the request that they were sent with, or the app's own keys: no person is at fault. */
  | 'service_refused'
  /** What they came back with is used up, has lapsed, or is of another sign-in. */
  | 'answer_refused'
  /** A part of the permission was left out without which nothing can be posted. */
  | 'permission_missing'
  /** The platform refuses, or does not let us see the account, and its words do not say why. */
  | 'refused_unsaid'
  /** The platform wants to be left alone until `until`. */
  | 'asked_to_wait'
  /** The platform says that it is out of order, or nothing that can be understood. */
  | 'platform_broken'
  /** The account cannot lend a post, for a reason that is known. */
  | 'account_unfit'
  /** There was no answer at all. */
  | 'platform_failed';

/** What is the matter with an account, and on which platform, as people call it. */
export interface UnfitAccount {
  reason: RefusalReason;
  platformLabel: string;
}

/** Why no pledge came of it, with what its sentence names. */
export interface JoinFailure {
  problem: JoinProblem;
  unfit?: UnfitAccount;
  until?: Date;
}

/** What was pasted is not the signed post. Nothing has been used up: the page for signing is shown again. */
export interface SignAgain {
  kind: 'sign_again';
  problem: SignProblem;
}

/** What may be told to another browser of the words that a sign-in was about: which of the campaign's own, and in which language. */
export interface PublicWords {
  textLocale: string;
  variant: number;
  /** Nothing else belonged to them: no text of their own, and nothing typed into a field. */
  isAll: boolean;
}

export type JoinResult =
  | { kind: 'pledged'; receiptToken: string; again: boolean; locale: string }
  /** There are several things that they could post to; `token` is for the page that asks which. */
  | { kind: 'choose'; token: string; locale: string }
  | {
      kind: 'not_pledged';
      problem: JoinProblem;
      unfit?: UnfitAccount;
      until?: Date;
      /** The platform that it was about, as people call it; left out where that is not known any more. */
      platformLabel?: string;
      /** The platform that would show more with its wider permission, where something to post to is missing. */
      missing?: string;
      campaign: CampaignRecord | null;
      /** Of the page with the words, to try again from. */
      intentToken: string | null;
      /** They have joined already, with this receipt, which stands as it was. */
      receiptToken?: string;
      /** For another browser than the one where it began. */
      words?: PublicWords;
      locale: string | null;
    };

/** The end of a flow from which no pledge came. */
export async function notPledged(
  ctx: Context,
  flow: Pick<OpenFlow, 'campaignId' | 'intentId'> & {
    locale: string | null;
    platform: string | null;
  },
  failure: JoinFailure,
): Promise<JoinResult> {
  const { campaignId, intentId, locale } = flow;
  const platformLabel = flow.platform === null ? undefined : findPlatformLabel(ctx, flow.platform);
  const campaign = await findCampaign(ctx.db, { id: campaignId });
  const intentToken = ctx.vault.intentToken(intentId);
  const receiptId = await receiptBehind(ctx, intentId);
  const receipt = receiptId !== null && { receiptToken: ctx.vault.receiptToken(receiptId) };
  const known = { ...(platformLabel !== undefined && { platformLabel }), ...receipt };
  return { kind: 'not_pledged', ...failure, campaign, intentToken, locale, ...known };
}

/** As people call a platform; its own name where it is not connected any more. */
export function findPlatformLabel({ platforms }: Context, platform: string): string {
  return platforms.get(platform)?.label ?? platform;
}

/** A failure as it is kept with its flow: words of ours, and the name of a network. */
export function toFailureRecord({ problem, unfit, until }: JoinFailure): FlowEnd {
  return {
    problem,
    ...(unfit && { reason: unfit.reason, label: unfit.platformLabel }),
    ...(until && { until: until.toISOString() }),
  };
}

export function parseFailure({ problem, reason, label, until }: FlowEnd): JoinFailure {
  return {
    problem: problem as JoinProblem,
    ...(reason && { unfit: { reason: reason as RefusalReason, platformLabel: label ?? '' } }),
    ...(until && { until: new Date(until) }),
  };
}
