import type { Context } from '../context.ts';
import { tidy } from '../domain/characters.ts';
import type { FieldProblem } from '../domain/errors.ts';
import { OWN_MAX, type Words, wordingsOf } from '../domain/words.ts';
import type { Platform } from '../platforms/platform.ts';
import type { CampaignRecord } from '../store/campaign.ts';
import { type ComposedMessage, composeMessage } from './compose-message.ts';
import { findJoinable } from './find-campaign.ts';
import { offeredPlatforms } from './offered-platforms.ts';
import { type Blank, readWords, type TypedWords } from './read-words.ts';

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

/** Of a text that is too long for anything, no more is measured: some rules are slow. In UTF-16 units. */
const MEASURED_MAX = 2 * OWN_MAX;

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
  const { words, blanks, problems } = readWords(content, input.textLocale(campaign), input.typed);
  const { textLocale } = words;
  const platforms = input.platforms ?? (await offeredPlatforms(ctx));
  const wordings = wordingsOf(content, textLocale).map((_template, variant) =>
    wordingOf(campaign, { ...words, own: null, variant }, platforms),
  );
  const allowed = content.ownWords === true;
  const isOwn = allowed && input.typed.own !== null;
  const own = words.own ?? input.typed.own ?? wordings[words.variant]?.text ?? '';
  const measured = { ...words, own: words.own ?? tidy(own).slice(0, MEASURED_MAX) };
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

function wordingOf(
  { content }: CampaignRecord,
  words: Words,
  platforms: readonly Platform[],
): Wording {
  const on = platforms.map(({ textRule }) => composeMessage(content, words, textRule));
  return { variant: words.variant, text: on[0]?.text ?? '', on };
}
