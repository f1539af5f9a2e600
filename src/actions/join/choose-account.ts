import type { Context } from '../../context.ts';
import { explainReturn } from './explain-return.ts';
import { pledgeWith } from './finish-join.ts';
import { openFlow } from './flow-content.ts';
import { holdWhileAway } from './hold-while-away.ts';
import { type JoinResult, notPledged } from './join-result.ts';
import { choiceHash } from './offer-choice.ts';
import { useFlow } from './use-flow.ts';

export interface ChooseAccount {
  token: string;
  /** Its place among what was shown, from 0. */
  choice: number;
  /** Secret of the browser's cookie; empty when it sent none. */
  browser: string;
}

/** Ends the way of a supporter who had several things to post to: the one they chose is pledged, the others are forgotten. */
export async function chooseAccount(ctx: Context, input: ChooseAccount): Promise<JoinResult> {
  const stateHash = choiceHash(input.token);
  const used = await useFlow(ctx, stateHash, input.browser);
  if (!used) return explainReturn(ctx, stateHash, input.browser);
  const flow = await holdWhileAway(ctx, () => openFlow(ctx, used, stateHash));
  const platform = ctx.platforms.get(flow.platform);
  const chosen = flow.choices?.[input.choice];
  if (!platform || !chosen) return notPledged(ctx, flow, { problem: 'expired' });
  return pledgeWith(ctx, platform, flow, chosen);
}
