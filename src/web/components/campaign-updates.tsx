import { dayOf, sentence } from '../format.ts';
import type { Translate } from '../i18n.ts';
import type { CampaignView, UpdateView } from '../views/campaign.ts';
import { Story } from './story.tsx';

/** More than these wait behind a line. */
const SHOWN = 3;

/** What the campaigner tells while the campaign goes on, the newest first. */
export function CampaignUpdates({ view, t }: { view: CampaignView; t: Translate }) {
  const { updates } = view;
  if (updates.length === 0) return null;
  const earlier = updates.slice(SHOWN);
  return (
    <section class="updates" aria-labelledby="updates">
      <h2 id="updates" class="rubric">
        {t('campaign.updates')}
      </h2>
      <List {...{ view }} updates={updates.slice(0, SHOWN)} />
      {earlier.length === 0 ? null : (
        <details>
          <summary>{t('campaign.updates_earlier')}</summary>
          <List {...{ view }} updates={earlier} />
        </details>
      )}
    </section>
  );
}

function List({ view, updates }: { view: CampaignView; updates: readonly UpdateView[] }) {
  return (
    <ul>
      {updates.map(({ at, text, locale }) => (
        <li>
          <time datetime={at}>{sentence(dayOf(view.locale, at, view.moment.zone))}</time>
          <Story source={text} locale={locale} />
        </li>
      ))}
    </ul>
  );
}
