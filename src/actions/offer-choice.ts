import type { Context } from '../context.ts';
import type { Choice } from '../platforms/platform.ts';
import { insertOauthFlow, type OauthFlow } from '../store/oauth-flow.ts';
import type { Place } from '../store/place.ts';
import { newSecret, secretHash } from './tokens.ts';

/** How long somebody may take to choose. */
const CHOICE_LIFE_MS = 15 * 60_000;

/** Choices as they lie sealed. */
type SealedChoice = Omit<Choice, 'grant'> & {
  grant: Omit<Choice['grant'], 'expiresAt'> & { expiresAt: string | null };
};

/**
 * Keeps what a supporter has authorized, sealed, while they choose which of it takes part. It is a flow of its own, for the same
 * browser, and like every flow it is used once. Gives the secret of its page's address.
 */
export async function offerChoice(
  ctx: Context,
  flow: OauthFlow,
  browserHash: Buffer,
  choices: readonly Choice[],
): Promise<string> {
  const token = newSecret();
  const stateHash = choiceHash(token);
  const sealed: SealedChoice[] = choices.map(({ account, grant }) => ({
    account,
    grant: { ...grant, expiresAt: grant.expiresAt?.toISOString() ?? null },
  }));
  const { campaignId, intentId, platform, locale, textLocale, text } = flow;
  await insertOauthFlow(ctx.db, {
    ...{ stateHash, browserHash, campaignId, intentId, platform, locale, textLocale, text },
    verifier: await ctx.vault.seal(ctx.db, placeOf(flow, stateHash), sealed),
    lifeMs: CHOICE_LIFE_MS,
  });
  return token;
}

/** What there is to choose from. @throws when it was not sealed as a choice: a flow on its way to a platform is none. */
export async function openChoices(
  ctx: Context,
  flow: Pick<OauthFlow, 'campaignId' | 'platform' | 'verifier'>,
  stateHash: Buffer,
): Promise<readonly Choice[]> {
  const place = placeOf(flow, stateHash);
  const sealed = await ctx.vault.open<SealedChoice[]>(ctx.db, place, flow.verifier);
  return sealed.map(({ account, grant }) => {
    const expiresAt = grant.expiresAt === null ? null : new Date(grant.expiresAt);
    return { account, grant: { ...grant, expiresAt } };
  });
}

/** Not the hash of a state: what a platform sends back opens no choice. */
export function choiceHash(token: string): Buffer {
  return secretHash(`choice ${token}`);
}

function placeOf(flow: Pick<OauthFlow, 'campaignId' | 'platform'>, stateHash: Buffer): Place {
  return {
    column: 'oauth_flow.choices',
    campaignId: flow.campaignId,
    platform: flow.platform,
    rowId: stateHash.toString('hex'),
  };
}
