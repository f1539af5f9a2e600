import { momentWords, sentence } from '../format.ts';
import type { Translate } from '../i18n.ts';
import type { AccountOption, AccountView } from '../views/join.ts';

/** What joining means, with whatever account: when, what we do, what we never do, and how to take it back. */
export function AccountFacts({ view, t }: { view: AccountView; t: Translate }) {
  const { date, time, zone } = momentWords(view.locale, view.moment);
  return (
    <div class="facts">
      <h2 class="rubric">{t('join.facts')}</h2>
      <Facts
        facts={[
          [t('join.when'), sentence(t('join.when_text', { date, time, zone }))],
          [t('account.may'), t('account.may_text')],
          [t('account.may_not'), t('account.may_not_text')],
          [t('join.withdraw'), t('join.withdraw_text')],
        ]}
      />
    </div>
  );
}

interface PlatformFactsProps {
  option: AccountOption;
  /** Shown at once; among several it is folded, and opened by a press. */
  open: boolean;
  t: Translate;
}

/** The same for one platform: how far its permission reaches, where it ends, and what becomes of it. */
export function PlatformFacts({ option, open, t }: PlatformFactsProps) {
  const { label, permission, returns } = option;
  const platform = { platform: label };
  return (
    <details class="way-facts" open={open} aria-labelledby={`about-${option.platform}`}>
      <summary id={`about-${option.platform}`}>{t('account.about', platform)}</summary>
      <Facts
        facts={[
          [t('account.reach'), t(`account.permission.${permission}.may`, platform)],
          [t('account.no_reach'), t(`account.permission.${permission}.may_not`, platform)],
          [t('account.back'), t(`account.returns.${returns}`, platform)],
        ]}
      />
    </details>
  );
}

function Facts({ facts }: { facts: readonly (readonly [string, string])[] }) {
  return (
    <dl>
      {facts.map(([term, detail]) => (
        <div>
          <dt>{term}</dt>
          <dd>{detail}</dd>
        </div>
      ))}
    </dl>
  );
}
