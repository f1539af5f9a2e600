import type { Context } from '../../context.ts';
import { secretHash } from '../../secret-token.ts';
import { type CampaignRecord, findCampaign } from '../../store/campaign.ts';
import { explainOauthFlow, findOauthFlow } from '../../store/oauth-flow.ts';
import { openFlow } from './flow-content.ts';

export interface ShowSigning {
  platform: string;
  state: string;
  /** Secret of the browser's cookie; empty when it sent none. */
  browser: string;
}

export type Signing =
  | {
      kind: 'signing';
      campaign: CampaignRecord;
      /** Of the page with the words. */
      intentToken: string;
      /** As people call it. */
      label: string;
      /** What is to be signed, as JSON can hold it. */
      unsigned: unknown;
      /** Language of the interface. */
      locale: string;
      textLocale: string;
    }
  | { kind: 'none'; problem: 'expired' | 'replayed' | 'stranger' };

/**
 * What a supporter is to sign on our own page, where that is how a platform's consent is given: see `toSign` of the contract.
 * It shows and uses nothing up, so that the page can be opened again.
 */
export async function showSigning(ctx: Context, input: ShowSigning): Promise<Signing> {
  const stateHash = secretHash(input.state);
  const browserHash = secretHash(input.browser);
  const found = await findOauthFlow(ctx.db, stateHash, browserHash);
  const platform = ctx.platforms.get(input.platform);
  if (!found) return { kind: 'none', problem: await whyNone(ctx, stateHash, input.browser) };
  const campaign = await findCampaign(ctx.db, { id: found.campaignId });
  if (!campaign || found.platform !== platform?.name || !platform.toSign) {
    return { kind: 'none', problem: 'expired' };
  }
  const flow = await openFlow(ctx, found, stateHash);
  return {
    kind: 'signing',
    campaign,
    intentToken: ctx.vault.intentToken(flow.intentId),
    label: platform.label,
    unsigned: platform.toSign(flow.secret?.keep ?? ''),
    locale: flow.locale,
    textLocale: flow.textLocale,
  };
}

async function whyNone(ctx: Context, stateHash: Buffer, browser: string) {
  const { problem } = await explainOauthFlow(ctx.db, stateHash, secretHash(browser));
  return problem === 'unknown' ? 'expired' : problem;
}
