import { formatList, momentWords, sentence } from '../format.ts';
import { interfaceLocale, type Translate } from '../i18n.ts';
import type { CampaignView, JoinOption } from '../views.ts';

/** `X`, or `X or Bluesky`, in the language of the page. */
export function platformNames(options: readonly JoinOption[], locale: string): string {
  const labels = options.map((option) => option.label);
  return formatList(interfaceLocale(locale), labels, 'disjunction');
}

/** What joining means: when, from where, with which permission, and how to take it back. */
export function Facts({ view, t }: { view: CampaignView; t: Translate }) {
  const platform = platformNames(view.options, view.locale);
  const { date, time, zone } = momentWords(view.locale, view.moment);
  const facts = [
    [t('join.when'), sentence(t('join.when_text', { date, time, zone }))],
    [t('join.account'), t('join.account_text', { platform })],
    [t('join.grant'), t('join.grant_text', { platform })],
    [t('join.withdraw'), t('join.withdraw_text')],
  ];
  return (
    <div class="facts">
      <h3 class="rubric">{t('join.facts')}</h3>
      <dl>
        {facts.map(([term, detail]) => (
          <div>
            <dt>{term}</dt>
            <dd>{detail}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
