import type { Context } from '../../context.ts';
import { InputError } from '../../domain/errors.ts';
import { saveIntent } from '../../store/intent.ts';
import { newRowId } from '../../store/row-id.ts';
import { findJoinable } from '../campaign/find-campaign.ts';
import { readWords, type TypedWords } from '../message/read-words.ts';
import { openPlatforms } from '../platform/offered-platforms.ts';
import { findIntentByToken } from './show-intent.ts';

/** How long words are kept until their author joins: an evening. */
export const INTENT_LIFE_MS = 6 * 3_600_000;

export interface ChooseWords {
  campaignId: string;
  /** The page whose words are changed; null: the first ones. */
  intentToken: string | null;
  /** What the pages' links carry as their language. */
  locale: string;
  /** One of the campaign's languages. */
  textLocale: string;
  typed: TypedWords;
}

/**
 * Stores the words that the supporter chose; gives the secret of the page on which they name their account. Nothing is pledged.
 * @throws NotFoundError; ConflictError `closed`; InputError for what was typed.
 */
export async function chooseWords(ctx: Context, input: ChooseWords): Promise<string> {
  const { intentToken } = input;
  const known = intentToken === null ? null : await findIntentByToken(ctx, intentToken);
  // What is connected again keeps the text that was agreed to.
  if (intentToken !== null && known?.pledgeId !== undefined) return intentToken;
  const campaign = await findJoinable(ctx, { id: input.campaignId });
  const rules = (await openPlatforms(ctx)).map(({ textRule }) => textRule);
  const { words, problems } = readWords(campaign.content, input.textLocale, input.typed, rules);
  if (problems.length > 0) throw new InputError(problems);
  const id = known?.id ?? newRowId();
  await saveIntent(
    ctx.db,
    ctx.vault,
    { id, campaignId: campaign.id, locale: input.locale, words },
    INTENT_LIFE_MS,
  );
  return ctx.vault.intentToken(id);
}
