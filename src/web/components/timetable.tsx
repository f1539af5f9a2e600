import { isUtc, momentWords, namesOfZone, sentence, withComma } from '../format.ts';
import { translator } from '../i18n.ts';
import type { MomentView } from '../views/campaign.ts';

interface TimetableProps {
  locale: string;
  moment: MomentView;
  /** Whether the visitor's own time stands here, once the script has run. */
  yours?: boolean;
}

/** The moment in the campaign's zone, in UTC and where the visitor is. */
export function Timetable({ locale, moment, yours = true }: TimetableProps) {
  const t = translator(locale);
  const words = momentWords(locale, moment);
  return (
    <dl class="timetable">
      <div>
        <dt>{sentence(words.zone)}</dt>
        <dd>
          <time datetime={moment.instant}>
            {withComma(locale, sentence(words.date), words.time)}
          </time>
        </dd>
      </div>
      {isUtc(moment.zone) ? null : (
        <div>
          <dt>{t('time.utc')}</dt>
          <dd>
            <time datetime={moment.instant}>{sentence(words.utc)}</time>
          </dd>
        </div>
      )}
      {yours ? (
        <div class="timetable-yours">
          <dt>{t('time.yours')}</dt>
          <dd>
            <time
              datetime={moment.instant}
              data-local
              data-wall={moment.wall}
              data-zones={namesOfZone(moment.zone).join(' ')}
            />
          </dd>
        </div>
      ) : null}
    </dl>
  );
}
