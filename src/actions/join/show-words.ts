import type { Context } from '../../context.ts';
import type { FieldProblem } from '../../domain/errors.ts';
import { ownLimit, renderWords, tidyOwn, toWordings, type Words } from '../../domain/words.ts';
import type { Platform } from '../../platforms/platform.ts';
import type { CampaignRecord } from '../../store/campaign.ts';
import { findJoinable } from '../campaign/find-campaign.ts';
import { type ComposedMessage, composeMessage } from '../message/compose-message.ts';
import { type Blank, readWords, type TypedWords } from '../message/read-words.ts';
import { openPlatforms } from '../platform/offered-platforms.ts';

/** One text to choose, with its length on each platform that is offered. */
export interface Wording {
  variant: number;
  text: string;
  on: readonly ComposedMessage[];
}

/** Everything that the page for choosing words shows. */
export interface ShownWords {
  campaign: CampaignRecord;
  textLocale: string;
  wordings: readonly Wording[];
  /** The wording that is chosen, or null for words of one's own. */
  chosen: number | null;
  blanks: readonly Blank[];
  own: { allowed: boolean; value: string; on: readonly ComposedMessage[] };
  problems: readonly FieldProblem[];
}

/** What there is to say, filled in with what was typed so far. @throws NotFoundError; ConflictError `closed`. */
export async function showWords(
  ctx: Context,
  input: {
    campaignId: string;
    textLocale: (campaign: CampaignRecord) => string;
    typed: TypedWords;
    /** To measure on; without them, on all that are offered. */
    platforms?: readonly Platform[];
  },
): Promise<ShownWords> {
  const campaign = await findJoinable(ctx, { id: input.campaignId });
  const { content } = campaign;
  const platforms = input.platforms ?? (await openPlatforms(ctx));
  const rules = platforms.map(({ textRule }) => textRule);
  const wanted = input.textLocale(campaign);
  const { words, blanks, problems } = readWords(content, wanted, input.typed, rules);
  const { textLocale } = words;
  const wordings = toWordings(content, textLocale).map((_template, variant) =>
    wordingOf(campaign, { ...words, own: null, variant }, platforms),
  );
  const allowed = content.ownWords === true;
  const isOwn = allowed && input.typed.own !== null;
  const own = words.own ?? input.typed.own ?? wordings[words.variant]?.text ?? '';
  const measured = { ...words, own: words.own ?? cutOwn(own, ownLimit(rules)) };
  return {
    ...{ campaign, textLocale, wordings, blanks, problems },
    chosen: isOwn ? null : words.variant,
    own: {
      allowed,
      value: own,
      on: allowed ? wordingOf(campaign, measured, platforms).on : [],
    },
  };
}

/** Of a text that is too long for every platform no more is measured than shows it: some rules are slow. */
function cutOwn(own: string, most: number): string {
  return [...tidyOwn(own).slice(0, 2 * most + 2)].slice(0, most + 1).join('');
}

function wordingOf(
  { content }: CampaignRecord,
  words: Words,
  platforms: readonly Platform[],
): Wording {
  const on = platforms.map(({ textRule }) => composeMessage(content, words, textRule));
  return { variant: words.variant, text: renderWords(content, words), on };
}
