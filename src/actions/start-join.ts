import type { Context } from '../context.ts';
import { ConflictError, InputError, NotFoundError } from '../domain/errors.ts';
import type { SupporterValues } from '../domain/supporter-field.ts';
import { type CampaignRecord, findCampaign } from '../store/campaign.ts';
import { insertOauthFlow } from '../store/oauth-flow.ts';
import { blanksOf, composeMessage, readBlanks } from './compose-message.ts';
import { newSecret, secretHash } from './tokens.ts';

/** How long somebody may take at the platform before coming back. */
const FLOW_LIFE_MS = 15 * 60_000;

export interface StartJoin {
  slug: string;
  platform: string;
  /** Language of the interface, to come back to. */
  locale: string;
  /** Language of the message, one of the campaign's. */
  textLocale: string;
  typed: SupporterValues;
  /** The server or handle that the supporter named, as typed; '' where the platform asks for none. */
  where: string;
  /** Hash of the text that the page showed: consent is for that text and no other. */
  shownHash: string;
  /** Secret of the browser's cookie: only this browser may come back. */
  browser: string;
}

/** Where the platform sends supporters back to. */
export function callbackUrl(ctx: Context, platform: string): string {
  return `${ctx.baseUrl}/callback/${platform}`;
}

/**
 * Begins a pledge: remembers the exact text and gives the platform's page to go to. Nothing is pledged yet.
 * @throws NotFoundError; ConflictError `closed` or `text_changed`; InputError for what was typed; WhereRefused.
 */
export async function startJoin(ctx: Context, input: StartJoin): Promise<{ url: string }> {
  const campaign = await findCampaign(ctx.db, { slug: input.slug });
  const platform = ctx.platforms.get(input.platform);
  if (!campaign || !isPublic(campaign)) throw new NotFoundError('There is no such campaign');
  if (!platform) throw new NotFoundError('There is no such way to join');
  if (!isJoinable(ctx, campaign)) throw closed();
  const { content } = campaign;
  const textLocale = input.textLocale in content.messages ? input.textLocale : content.locales[0];
  if (textLocale === undefined) throw new NotFoundError('There is no message in this language');
  const { values, problems } = readBlanks(blanksOf(content, textLocale), input.typed);
  if (problems.length > 0) throw new InputError(problems);
  const message = composeMessage(content, textLocale, values, platform.textRule);
  if (message.hash !== input.shownHash) {
    throw new ConflictError('text_changed', 'The text is not the one that was shown');
  }
  const state = newSecret();
  const authorization = await platform.authorize({
    redirectUri: callbackUrl(ctx, platform.name),
    state,
    where: input.where,
    text: message.text,
    locale: textLocale,
    moment: campaign.moment.instant,
  });
  const stateHash = secretHash(state);
  const place = flowPlace(campaign.id, platform.name, stateHash);
  await insertOauthFlow(ctx.db, {
    stateHash,
    browserHash: secretHash(input.browser),
    campaignId: campaign.id,
    platform: platform.name,
    locale: input.locale,
    textLocale,
    text: message.text,
    verifier: await ctx.vault.seal(ctx.db, place, authorization.keep),
    lifeMs: FLOW_LIFE_MS,
  });
  return { url: authorization.url };
}

/** Where what a platform keeps of a flow is sealed for. */
export function flowPlace(campaignId: string, platform: string, stateHash: Buffer) {
  return {
    column: 'oauth_flow.verifier' as const,
    campaignId,
    platform,
    rowId: stateHash.toString('hex'),
  };
}

/** Whether the public may see a campaign: once it has been approved. */
export function isPublic(campaign: CampaignRecord): boolean {
  return !['draft', 'in_review', 'rejected'].includes(campaign.state);
}

/** Whether it can be joined now, by the database's clock. */
export function isJoinable(ctx: Context, campaign: CampaignRecord): boolean {
  return campaign.state === 'open' && ctx.clock.now() < campaign.lockAt.getTime();
}

export function closed(): ConflictError {
  return new ConflictError('closed', 'Joining has closed');
}
