import { momentWords, sentence } from '../format.ts';
import type { Translate } from '../i18n.ts';
import type { AccountView } from '../join-views.ts';
import { platformNames } from './text-sheets.tsx';

/** What joining means: when, from where, what may be done with the permission and what may not, and how to take it back. */
export function AccountFacts({ view, t }: { view: AccountView; t: Translate }) {
  const platform = platformNames(view.options, view.locale);
  const { date, time, zone } = momentWords(view.locale, view.moment);
  const facts = [
    [t('join.when'), sentence(t('join.when_text', { date, time, zone }))],
    [t('join.account'), t('join.account_text', { platform })],
    [t('account.may'), t('account.may_text')],
    [t('account.may_not'), t('account.may_not_text')],
    [t('join.withdraw'), t('join.withdraw_text')],
  ];
  return (
    <div class="facts">
      <h2 class="rubric">{t('join.facts')}</h2>
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
