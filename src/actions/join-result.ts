import type { Context } from '../context.ts';
import type { RefusalReason } from '../domain/outcome.ts';
import { type CampaignRecord, findCampaign } from '../store/campaign.ts';
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
  | 'stranger'
  | 'no_cookie'
  | 'closed'
  /** There is nothing that the person could post to, such as a page of their own. */
  | 'no_page'
  /** The platform did not take the request that they were sent with: the app is at fault, and no person. */
  | 'service_refused'
  /** The account cannot lend a post, for a reason that is known. */
  | 'account_unfit'
  | 'platform_failed';

/** What is the matter with an account, and on which platform, as people call it. */
export interface UnfitAccount {
  reason: RefusalReason;
  platformLabel: string;
}

export type JoinResult =
  | { kind: 'pledged'; receiptToken: string; again: boolean; locale: string }
  /** There are several things that they could post to; `token` is for the page that asks which. */
  | { kind: 'choose'; token: string; locale: string }
  | {
      kind: 'not_pledged';
      problem: JoinProblem;
      unfit?: UnfitAccount;
      /** The platform that would show more with its wider permission, where something to post to is missing. */
      missing?: string;
      campaign: CampaignRecord | null;
      /** Of the page with the words, to try again from. */
      intentToken: string | null;
      locale: string | null;
    };

/** The end of a flow from which no pledge came. */
export async function notPledged(
  ctx: Context,
  flow: OpenFlow,
  problem: JoinProblem,
  unfit?: UnfitAccount,
): Promise<JoinResult> {
  const campaign = await findCampaign(ctx.db, { id: flow.campaignId });
  const intentToken = ctx.vault.intentToken(flow.intentId);
  const { locale } = flow;
  return { kind: 'not_pledged', problem, campaign, intentToken, locale, ...(unfit && { unfit }) };
}
