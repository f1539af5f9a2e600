import type { Context } from '../../context.ts';
import { secretHash } from '../../secret-token.ts';
import { type CampaignRecord, findCampaign } from '../../store/campaign.ts';
import { findOauthFlow } from '../../store/oauth-flow.ts';
import { explainReturn } from './explain-return.ts';
import { openFlow } from './flow-content.ts';
import type { JoinResult } from './join-result.ts';
import { choiceHash } from './offer-choice.ts';

export interface ShowChoice {
  token: string;
  /** Secret of the browser's cookie; empty when it sent none. */
  browser: string;
}

export type ShownChoice =
  | {
      kind: 'choice';
      /** The network, as people call it. */
      label: string;
      /** The platform, where its wider permission would show more and was not asked for; else null. */
      missing: string | null;
      /** What they are called, in the order in which `chooseAccount` counts them. */
      names: readonly string[];
      campaign: CampaignRecord | null;
      /** Of the page with the words. */
      intentToken: string;
      locale: string;
    }
  | JoinResult;

/** What a supporter has to choose from. It shows and uses nothing up, so that the page can be opened again. */
export async function showChoice(ctx: Context, input: ShowChoice): Promise<ShownChoice> {
  const stateHash = choiceHash(input.token);
  const found = await findOauthFlow(ctx.db, stateHash, secretHash(input.browser));
  const platform = found ? ctx.platforms.get(found.platform) : undefined;
  if (!found || !platform) return explainReturn(ctx, stateHash, input.browser);
  const flow = await openFlow(ctx, found, stateHash);
  const { wider } = platform;
  const isWider = !wider || flow.choices?.some(({ grant }) => grant.scope === wider.scope);
  return {
    kind: 'choice',
    label: platform.label,
    missing: isWider ? null : platform.name,
    names: (flow.choices ?? []).map(({ account }) => account.handle),
    campaign: await findCampaign(ctx.db, { id: flow.campaignId }),
    intentToken: ctx.vault.intentToken(flow.intentId),
    locale: flow.locale,
  };
}
