import type { Translate } from '../i18n.ts';
import type { CampaignView } from '../views/campaign.ts';
import { MomentSentence } from './moment-sentence.tsx';

interface ClosingProps {
  view: CampaignView;
  t: Translate;
}

/** For those who have read to the end: the same one thing to do, and passing it on. */
export function CampaignClosing({ view, t }: ClosingProps) {
  const open = view.state === 'open' && view.options.length > 0;
  return (
    <section class="closing" aria-labelledby="closing">
      <h2 id="closing">{t(open ? 'campaign.closing' : 'campaign.share')}</h2>
      {open ? (
        <>
          <MomentSentence locale={view.locale} moment={view.moment} t={t} />
          <p class="closing-text">{t('campaign.closing_text')}</p>
        </>
      ) : (
        <p class="closing-text">{t('campaign.share_text')}</p>
      )}
      <p class="buttons">
        {open ? (
          <a class="button button-join" href={view.joinHref}>
            {t('campaign.join')}
          </a>
        ) : null}
        <a class="button button-quiet" href={view.shareHref}>
          {t('campaign.share')}
        </a>
      </p>
    </section>
  );
}
