import type { Context } from '../../context.ts';
import type { Choice } from '../../platforms/platform.ts';
import { flowSealContext, type OauthFlow } from '../../store/oauth-flow.ts';
import type { FlowSecret } from './flow-secret.ts';

/** What an authorization under way is about; sealed while it is. */
export interface FlowContent {
  /** Language of the interface. */
  /** What the pages' links carry as their language. */
  locale: string;
  textLocale: string;
  text: string;
  /** What stands before it; absent where nothing does. */
  contentWarning?: string;
  /** The pledge whose account is to be connected again, and nothing else with it; absent for a new pledge. */
  pledgeId?: string;
  /** What was agreed on with the platform; null once it has answered. */
  secret: FlowSecret | null;
  /** What there is to choose from, where the platform has answered with several things to post to. */
  choices: readonly Choice[] | null;
}

/** As it lies sealed: a Date is text there. */
type StoredContent = Omit<FlowContent, 'choices'> & {
  choices: readonly StoredChoice[] | null;
};
type StoredChoice = Omit<Choice, 'grant'> & {
  grant: Omit<Choice['grant'], 'expiresAt'> & { expiresAt: string | null };
};

/** A flow, and what it is about. */
export type OpenFlow = Pick<OauthFlow, 'campaignId' | 'intentId' | 'platform'> & FlowContent;

export function sealFlow(
  ctx: Context,
  flow: { campaignId: string; platform: string },
  stateHash: Buffer,
  content: FlowContent,
): Promise<Buffer> {
  const choices = content.choices?.map(({ account, grant }) => ({
    account,
    grant: { ...grant, expiresAt: grant.expiresAt?.toISOString() ?? null },
  }));
  const stored: StoredContent = { ...content, choices: choices ?? null };
  return ctx.vault.seal(ctx.db, flowSealContext(flow, stateHash), stored);
}

/** @throws SealError; NotFoundError when the campaign's key is destroyed. */
export async function openFlow<Flow extends Omit<OauthFlow, 'joinable'>>(
  ctx: Context,
  flow: Flow,
  stateHash: Buffer,
): Promise<Omit<Flow, 'sealed'> & FlowContent> {
  const { sealed, ...rest } = flow;
  const stored = await ctx.vault.open<StoredContent>(
    ctx.db,
    flowSealContext(flow, stateHash),
    sealed,
  );
  const choices = stored.choices?.map(({ account, grant }) => {
    const expiresAt = grant.expiresAt === null ? null : new Date(grant.expiresAt);
    return { account, grant: { ...grant, expiresAt } };
  });
  return { ...rest, ...stored, choices: choices ?? null };
}
