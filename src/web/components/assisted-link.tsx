import type { Translate } from '../i18n.ts';
import type { CampaignView } from '../views.ts';

/** Beside the buttons to authorize: the way for everybody who will not or cannot. */
export function AssistedLink({ view, t }: { view: CampaignView; t: Translate }) {
  if (!['open', 'locked', 'firing', 'settled'].includes(view.state)) return null;
  return (
    <section class="assisted-link" aria-labelledby="assisted">
      <h2 id="assisted">{t('assisted.link')}</h2>
      <p>{t('assisted.link_text')}</p>
      <p>
        <a class="button button-quiet" href={view.assistedHref}>
          {t('assisted.link_button')}
        </a>
      </p>
    </section>
  );
}
