import { formatList, formatNumber } from '../format.ts';
import type { Translate } from '../i18n.ts';
import type { ResultView } from '../views/campaign.ts';
import { Arrival } from './arrival.tsx';

interface CampaignResultProps {
  result: ResultView;
  locale: string;
  t: Translate;
}

/** What came of it, in four plain figures that anybody can add up. */
export function CampaignResult({ result, locale, t }: CampaignResultProps) {
  const figures = [
    [t('result.total'), result.total],
    [t('result.posted'), result.posted],
    [t('result.refused'), result.refused],
    [t('result.unconfirmed'), result.unconfirmed],
    // Where posts wait for a later time, so that the figures still add up.
    ...(result.stillToCome > 0 ? [[t('result.still'), result.stillToCome] as const] : []),
  ] as const;
  return (
    <section class="result" aria-label={t('state.settled')}>
      <dl>
        {figures.map(([term, value]) => (
          <div>
            <dt>{term}</dt>
            <dd>{formatNumber(locale, value)}</dd>
          </div>
        ))}
      </dl>
      <Refused {...{ result, locale, t }} />
      <Arrival curve={result.curve} locale={locale} t={t} />
      {result.byHand > 0 ? (
        <p data-by-hand={result.byHand}>
          {t('result.by_hand', { count: result.byHand, n: formatNumber(locale, result.byHand) })}
        </p>
      ) : null}
      {result.unconfirmed > 0 ? <p>{t('result.note')}</p> : null}
    </section>
  );
}

/** Which networks did not take posts, and where those whose post it was read what they can do. */
function Refused({ result, locale, t }: CampaignResultProps) {
  const { refused, refusedBy } = result;
  if (refused === 0) return null;
  const platforms = formatList(locale, refusedBy, 'conjunction');
  return (
    <p data-refused-by={refusedBy.join(' ')}>
      {refusedBy.length > 0 ? `${t('result.refused_by', { platforms })} ` : null}
      {t('result.refused_next')}
    </p>
  );
}
