import type { Context } from '../../context.ts';
import type { CampaignContent } from '../../domain/campaign.ts';
import { giveText, type Words, wordsFor } from '../../domain/words.ts';
import { findIntent } from '../../store/intent.ts';
import type { PledgeContent } from '../../store/vault/sealed-pledge.ts';

/**
 * The words that a pledge's text was made of, as far as they are still known: what was typed into blanks is forgotten after an
 * evening. Then they are the campaign's message.
 */
export async function findWords(
  ctx: Context,
  content: CampaignContent,
  receiptId: string,
  { locale, text }: Pick<PledgeContent, 'locale' | 'text'>,
): Promise<Words> {
  const intent = await findIntent(ctx.db, ctx.vault, receiptId);
  if (intent && giveText(content, intent.words, text)) return intent.words;
  const words = wordsFor(content, locale, text);
  return words ?? { textLocale: locale, variant: 0, own: null, typed: {} };
}
