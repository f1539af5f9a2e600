import type { Context } from '../../context.ts';
import { POLICY_VERSION } from '../../domain/consent.ts';
import { ConflictError, InputError } from '../../domain/errors.ts';
import { isTaken } from '../../domain/text-rule.ts';
import type { Words } from '../../domain/words.ts';
import type { Platform } from '../../platforms/platform.ts';
import { type CampaignRecord, lockCampaignForShare } from '../../store/campaign.ts';
import { findLiveCredentials } from '../../store/credential.ts';
import { changeConsent, type PledgeWithDelivery } from '../../store/pledge.ts';
import { type PledgeContent, sealPledge } from '../../store/vault/sealed-pledge.ts';
import { findJoinable, joiningClosed } from '../campaign/find-campaign.ts';
import { openGrant } from '../credential/credential-access.ts';
import { type ShownWords, showWords } from '../join/show-words.ts';
import { type ComposedMessage, composeMessage } from '../message/compose-message.ts';
import { readWords, type TypedWords } from '../message/read-words.ts';
import { findPledgeOnReceipt, openPledgeContent } from '../pledge/receipt-access.ts';
import { findWords } from './receipt-words.ts';

interface OnReceipt {
  receiptToken: string;
  pledgeId: string;
}

/** A pledge whose text can be changed now. */
interface Editable {
  pledge: PledgeWithDelivery;
  campaign: CampaignRecord;
  platform: Platform;
}

/** @throws NotFoundError; ConflictError `closed`, or `fixed` where the text was signed, or the pledge is withdrawn. */
async function editableOf(ctx: Context, input: OnReceipt): Promise<Editable> {
  const pledge = await findPledgeOnReceipt(ctx, input);
  const campaign = await findJoinable(ctx, { id: pledge.campaign_id });
  const platform = ctx.platforms.get(pledge.platform);
  if (!platform || !isEditable(pledge, platform)) {
    throw new ConflictError('fixed', 'This text cannot be changed');
  }
  return { pledge, campaign, platform };
}

/** Whether the text of a pledge can be changed while joining is open: not one that its author signed, since we cannot sign another. */
export function isEditable(
  pledge: { state: 'active' | 'withdrawn'; delivery_state: unknown },
  platform: Platform | undefined,
): boolean {
  const there = pledge.state === 'active' && pledge.delivery_state === null;
  return there && platform !== undefined && !platform.toSign;
}

/** The words to choose from, measured on the pledge's platform. `typed`: null for those that it has now. */
export async function showEdit(
  ctx: Context,
  input: OnReceipt & { textLocale: string | null; typed: TypedWords | null },
): Promise<ShownWords> {
  const { pledge, campaign, platform } = await editableOf(ctx, input);
  const content = await openPledgeContent(ctx, pledge);
  const now = await findWords(ctx, campaign.content, pledge.receipt_id, content);
  return showWords(ctx, {
    campaignId: campaign.id,
    textLocale: () => input.textLocale ?? now.textLocale,
    typed: input.typed ?? now,
    platforms: [platform],
  });
}

/** A new text for a pledge, as it would be posted, for its owner to agree to. */
export interface ProposedText extends Editable {
  /** What stands now. */
  content: PledgeContent;
  words: Words;
  message: ComposedMessage;
  /** Whether it is taken as it stands: the platform takes its length, and the account's server reads nothing else in it. */
  fits: boolean;
}

/** Nothing is stored. @throws NotFoundError; ConflictError `closed` or `fixed`; InputError for what was typed. */
export async function proposeText(
  ctx: Context,
  input: OnReceipt & { textLocale: string; typed: TypedWords },
): Promise<ProposedText> {
  const editable = await editableOf(ctx, input);
  const { pledge, campaign, platform } = editable;
  const rules = [platform.textRule];
  const { words, problems } = readWords(campaign.content, input.textLocale, input.typed, rules);
  if (problems.length > 0) throw new InputError(problems);
  const message = composeMessage(campaign.content, words, platform.textRule);
  const content = await openPledgeContent(ctx, pledge);
  const proposed = { ...editable, content, words };
  if (await showsOtherwise(ctx, platform, pledge.id, message.text)) {
    const refused = { kind: 'reads_markup' } as const;
    return { ...proposed, message: { ...message, refused }, fits: false };
  }
  return { ...proposed, message, fits: isTaken(message) };
}

/** Whether the pledge's own server would not show a text as it stands. */
async function showsOtherwise(
  ctx: Context,
  platform: Platform,
  pledgeId: string,
  text: string,
): Promise<boolean> {
  const [live] = platform.showsOtherwise ? await findLiveCredentials(ctx.db, [pledgeId]) : [];
  return live !== undefined && platform.showsOtherwise?.(await openGrant(ctx, live), text) === true;
}

/**
 * Puts a new text in the place of the old one, with a new consent. `shownHash`: of the text that the page showed, since consent
 * is for that text and no other. Until the lock; then either the old text stands or the new one, never a part of each.
 * @throws NotFoundError; ConflictError `closed`, `fixed` or `text_changed`; InputError for what was typed.
 */
export async function editPledge(
  ctx: Context,
  input: OnReceipt & { textLocale: string; typed: TypedWords; shownHash: string },
): Promise<void> {
  const { pledge, content, words, message, fits } = await proposeText(ctx, input);
  if (!fits || message.hash !== input.shownHash) {
    throw new ConflictError('text_changed', 'The text is not the one that was shown');
  }
  const { id, campaign_id: campaignId, platform } = pledge;
  const consentedAt = new Date(ctx.clock.now());
  const { contentWarning: _, ...kept } = content;
  const sealed = await sealPledge(
    ctx.vault,
    ctx.db,
    { id, campaignId, platform, consentedAt },
    {
      ...kept,
      locale: words.textLocale,
      text: message.text,
      ...(message.contentWarning !== null && { contentWarning: message.contentWarning }),
      textHash: message.hash,
      policyVersion: POLICY_VERSION,
    },
  );
  await ctx.db.transaction().execute(async (db) => {
    // The lock of the campaign waits for this transaction, or has closed joining before it.
    if ((await lockCampaignForShare(db, pledge.campaign_id)) !== 'open') throw joiningClosed();
    const changed = await changeConsent(db, pledge.id, { sealed, consentedAt });
    if (!changed) throw new ConflictError('fixed', 'This text cannot be changed');
  });
}
