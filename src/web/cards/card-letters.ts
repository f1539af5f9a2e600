import type { CardLetters } from '../../domain/card-warnings.ts';
import { type PageLanguages, pickLanguages, pickLocale } from '../pick-locale.ts';
import { showsAll } from './faces.ts';

/**
 * The language whose title a card shows to a visitor: that of the text where its letters can be drawn, else one in which they can, the
 * nearest to the interface first, then in the campaign's order. Null where none can be drawn: then the card names the organiser.
 */
export function drawnLocale(
  { title, locales }: Parameters<CardLetters['drawnFor']>[0],
  { locale, textLocale }: Pick<PageLanguages, 'locale' | 'textLocale'>,
): string | null {
  const wished = [textLocale, pickLocale(undefined, locale, locales), ...locales];
  return wished.find((tag) => showsAll('display', title[tag] ?? '')) ?? null;
}

/** What the fonts of cards can show. */
export const cardLetters: CardLetters = {
  shows: showsAll,
  drawnFor: (campaign, tag) =>
    drawnLocale(campaign, pickLanguages(undefined, tag, campaign.locales)),
};
