import type { Context } from '../../context.ts';
import { normaliseLocator, type RequiredLocator } from '../../domain/account-locator.ts';
import type { CampaignContent } from '../../domain/campaign.ts';
import { textHash } from '../../domain/consent.ts';
import { NotFoundError } from '../../domain/errors.ts';
import type { Permission, Return } from '../../domain/permission.ts';
import { isTaken } from '../../domain/text-rule.ts';
import { contentWarningIn, renderWords, type Words } from '../../domain/words.ts';
import type { CampaignRecord } from '../../store/campaign.ts';
import { findIntent, type IntentRecord } from '../../store/intent.ts';
import { findJoinable } from '../campaign/find-campaign.ts';
import { type ComposedMessage, composeAgreed, composeMessage } from '../message/compose-message.ts';
import { openPlatforms } from '../platform/offered-platforms.ts';
import { type AgainPledge, findAgainPledge } from '../pledge/again-pledge.ts';

/** One way to join with the words that were chosen. */
export interface OfferedWay extends ComposedMessage {
  /** What a supporter has to tell first. */
  requires: RequiredLocator;
  /** Well-known ones. */
  knownPlaces: readonly string[];
  /** What they let us do, and what becomes of it. */
  permission: Permission;
  returns: Return;
  /** Whether the platform takes a text of this length. */
  fits: boolean;
}

/** Everything that the page for naming an account shows. */
export interface ShownIntent {
  campaign: CampaignRecord;
  textLocale: string;
  /** Byte for byte what will be posted. */
  text: string;
  /** See {@link shownHash}. */
  hash: string;
  ways: readonly OfferedWay[];
  /** What is connected again on this page, so that its network is the only way; null for a new pledge. */
  again: ShownAgain | null;
}

export interface ShownAgain {
  receiptToken: string;
  /** The network, as people call it. */
  label: string;
  /** The server or handle of the account, to be named where its network asks for one. */
  where: string;
}

/** The intent that a page's secret is for. @throws NotFoundError when we made none such, or its time is over. */
export async function findIntentByToken(ctx: Context, token: string): Promise<IntentRecord> {
  const id = ctx.vault.readIntentToken(token);
  const intent = id === null ? null : await findIntent(ctx.db, ctx.vault, id);
  if (!intent) throw new NotFoundError('There is no such page any more');
  return intent;
}

/**
 * The text as it will be posted, and the ways in. `browser`: secret of its cookie.
 * @throws NotFoundError; ConflictError `closed`, or `elsewhere` where another browser connects a pledge again; InputError when the campaign has no such words any more.
 */
export async function showIntent(
  ctx: Context,
  input: { intentToken: string; browser: string },
): Promise<ShownIntent> {
  const intent = await findIntentByToken(ctx, input.intentToken);
  const again = await findAgainPledge(ctx, intent, input.browser);
  const campaign = await findJoinable(ctx, { id: intent.campaignId });
  const { content } = campaign;
  const open = await openPlatforms(ctx);
  const platforms = again ? open.filter(({ name }) => name === again.pledge.platform) : open;
  const text = again ? again.content.text : renderWords(content, intent.words);
  return {
    campaign,
    textLocale: again ? again.content.locale : intent.words.textLocale,
    text,
    hash: again ? again.content.textHash : shownHash(content, intent.words, text),
    ways: platforms.map(({ textRule, requires, permission, returns, knownPlaces = [] }) => {
      const message = again
        ? composeAgreed(textRule, again.content)
        : composeMessage(content, intent.words, textRule);
      const fits = isTaken(message);
      return { ...message, requires, knownPlaces, permission, returns, fits };
    }),
    again: again && shownAgain(ctx, again),
  };
}

function shownAgain(ctx: Context, { pledge, content }: AgainPledge): ShownAgain {
  const platform = ctx.platforms.get(pledge.platform);
  return {
    receiptToken: ctx.vault.receiptToken(pledge.receipt_id),
    label: platform?.label ?? pledge.platform,
    where: platform ? normaliseLocator(platform.requires, content.account.handle) : '',
  };
}

/**
 * The fingerprint of what the page for naming an account shows, before it is known which platform is chosen: the text, and the
 * content warning that stands before it where a platform has such a thing.
 */
export function shownHash(content: CampaignContent, words: Words, text: string): string {
  return textHash(text, contentWarningIn(content, words.textLocale));
}
