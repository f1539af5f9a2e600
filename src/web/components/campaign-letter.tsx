import { direction, type Translate } from '../i18n.ts';
import type { CampaignView } from '../views/campaign.ts';
import { Story } from './story.tsx';

/** The letter as a letter: a sheet of its own, to whom it goes on top, and who signs it below. */
export function CampaignLetter({ view, t }: { view: CampaignView; t: Translate }) {
  const { addressee, letter, textLocale, organiser } = view;
  if (letter === null) return null;
  return (
    <section class="letter-part" aria-labelledby="letter">
      <h2 id="letter" class="rubric">
        {t('campaign.letter')}
      </h2>
      <div class="sheet letter">
        {addressee === null ? null : (
          <p class="letter-to" lang={textLocale} dir={direction(textLocale)}>
            {addressee}
          </p>
        )}
        <Story source={letter} locale={textLocale} />
        <p class="letter-from">
          <bdi>{organiser.name}</bdi>
        </p>
      </div>
    </section>
  );
}
