import type { CampaignContent } from './campaign.ts';
import type { FieldProblem } from './errors.ts';

type Titled = Pick<CampaignContent, 'title' | 'locales'>;

/** What the picture beside a link (the card) can show. */
export interface CardLetters {
  /** Whether a face of the card has every letter of a text. The title, or what stands for it, is in `display`, the line above in `text`. */
  shows(face: 'display' | 'text', text: string): boolean;
  /** The language whose title stands on the card for readers of one of the campaign's languages; null where none can be shown. */
  drawnFor(campaign: Titled, locale: string): string | null;
}

/** Warns of titles that the card cannot show, and says what stands there instead, and likewise of the organiser's name. */
export function cardWarnings(
  { title, locales, organiser }: Titled & Pick<CampaignContent, 'organiser'>,
  letters: CardLetters,
): FieldProblem[] {
  const nobody = letters.shows('display', organiser.name) ? 'the organiser’s name' : 'this host';
  const titles = locales.flatMap((tag) => {
    const drawn = letters.drawnFor({ title, locales }, tag);
    if (drawn === tag) return [];
    const instead = drawn === null ? nobody : `the title in ${drawn}`;
    return [
      {
        field: `title.${tag}`,
        message: `${causeIn(title[tag] ?? '')}: it shows ${instead} instead`,
      },
    ];
  });
  if (letters.shows('text', organiser.name)) return titles;
  const name = {
    field: 'organiser.name',
    message: `${causeIn(organiser.name)}: it shows this host instead`,
  };
  return [...titles, name];
}

/** Emoji and signs are left out of a card; of letters, marks and numbers each has to be there. */
function causeIn(text: string): string {
  const picture = 'the picture beside a link to the campaign';
  return /[\p{L}\p{M}\p{N}]/u.test(text)
    ? `has letters that ${picture} cannot show`
    : `has no letters or digits, and ${picture} shows nothing else`;
}
