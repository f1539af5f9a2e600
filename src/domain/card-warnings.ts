import type { CampaignContent } from './campaign.ts';
import type { FieldProblem } from './errors.ts';

/**
 * Warns of titles that the picture beside a link (the card) cannot show, and says what stands there instead, and likewise of the
 * organiser's name. `shows`: whether the card's fonts have every letter of a text.
 */
export function cardWarnings(
  { title, locales, organiser }: Pick<CampaignContent, 'title' | 'locales' | 'organiser'>,
  shows: (text: string) => boolean,
): FieldProblem[] {
  const isShown = (tag: string): boolean => shows(title[tag] ?? '');
  const drawn = locales.find(isShown);
  const named = shows(organiser.name);
  const instead = drawn ? `the title in ${drawn}` : named ? 'the organiser’s name' : 'this host';
  const because = 'has letters that the picture beside a link to the campaign cannot show';
  const titles = locales
    .filter((tag) => !isShown(tag))
    .map((tag) => ({ field: `title.${tag}`, message: `${because}: it shows ${instead} instead` }));
  const name = { field: 'organiser.name', message: `${because}: it shows this host instead` };
  return named ? titles : [...titles, name];
}
