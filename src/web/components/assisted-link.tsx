import type { Translate } from '../i18n.ts';
import type { CampaignView } from '../views/campaign.ts';

interface AssistedLinkProps {
  view: CampaignView;
  t: Translate;
  /** What it stands below. */
  heading?: 'h2' | 'h3';
}

/** Beside the button to join: the way for everybody who will not or cannot give a permission. */
export function AssistedLink({ view, t, heading: Heading = 'h3' }: AssistedLinkProps) {
  if (!['open', 'locked', 'firing'].includes(view.state)) return null;
  return (
    <div class="assisted-link">
      <Heading>{t('assisted.link')}</Heading>
      <p>{t('assisted.link_text')}</p>
      <p>
        <a class="button button-quiet" href={view.assistedHref}>
          {t('assisted.link_button')}
        </a>
      </p>
    </div>
  );
}
