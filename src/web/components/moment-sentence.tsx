import { cityName } from '../../domain/zone/cities.ts';
import { momentWords, namesOfZone, sentence } from '../format.ts';
import { interfaceLocale, type Translate } from '../i18n.ts';
import type { MomentView } from '../views/campaign.ts';

interface MomentSentenceProps {
  locale: string;
  moment: MomentView;
  t: Translate;
}

/** The moment as people would say it: by the campaign's clock, and by the visitor's once the script has run. */
export function MomentSentence({ locale, moment, t }: MomentSentenceProps) {
  const { dayTime, time } = momentWords(locale, moment);
  const place = placeOf({ locale, moment, t });
  return (
    <p class="moment-sentence">
      <time
        datetime={moment.instant}
        data-wall={moment.wall}
        data-zones={namesOfZone(moment.zone).join(' ')}
        data-clock={time}
        data-day-clock={dayTime}
        data-both={t('time.both', { yours: '%1', theirs: '%2', place })}
        data-same={sentence(t('time.same', { theirs: dayTime, place }))}
      >
        {sentence(`${dayTime} ${place}`)}
      </time>
    </p>
  );
}

/** `in Moscow`; `(Coordinated Universal Time)` where the zone is no place. */
function placeOf({ locale, moment, t }: MomentSentenceProps): string {
  const city = cityName(moment.zone, interfaceLocale(locale));
  if (city === null) return `(${momentWords(locale, moment).zone})`;
  // French and Italian draw the preposition and the article of a city's name together.
  return t('time.in_city', { city })
    .replace(/^à Le /, 'au ')
    .replace(/^a Il /, 'al ');
}
