import type { Context } from '../../context.ts';
import type { Choice } from '../../platforms/platform.ts';
import { newSecret, secretHash } from '../../secret-token.ts';
import { insertOauthFlow } from '../../store/oauth-flow.ts';
import { type OpenFlow, sealFlow } from './flow-content.ts';

/** How long a choice of accounts stays open. */
const CHOICE_LIFE_MS = 15 * 60_000;

/**
 * Keeps what a supporter has authorized, sealed, while they choose which of it takes part. It is a flow of its own, for the same
 * browser, and like every flow it is used once. Gives the secret of its page's address.
 */
export async function offerChoice(
  ctx: Context,
  flow: OpenFlow,
  browserHash: Buffer,
  choices: readonly Choice[],
): Promise<string> {
  const token = newSecret();
  const stateHash = choiceHash(token);
  const { campaignId, intentId, platform, locale, textLocale, text, contentWarning } = flow;
  await insertOauthFlow(ctx.db, {
    ...{ stateHash, browserHash, campaignId, intentId, platform },
    sealed: await sealFlow(ctx, flow, stateHash, {
      ...{ locale, textLocale, text, secret: null, choices },
      ...(contentWarning !== undefined && { contentWarning }),
    }),
    lifeMs: CHOICE_LIFE_MS,
  });
  return token;
}

/** Not the hash of a state: what a platform sends back opens no choice. */
export function choiceHash(token: string): Buffer {
  return secretHash(`choice ${token}`);
}
