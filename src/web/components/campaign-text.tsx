import { dayAndClock, momentWords } from '../format.ts';
import type { Translate } from '../i18n.ts';
import type { CampaignView } from '../views.ts';
import { TextSheets } from './text-sheets.tsx';

interface TextProps {
  view: CampaignView;
  t: Translate;
}

/** What would be posted, and the way in. */
export function CampaignText({ view, t }: TextProps) {
  if (view.state === 'open' && view.options.length === 0) return <NoWay t={t} />;
  if (view.options.length === 0) return null;
  const isOpen = view.state === 'open';
  return (
    <section id="join" class={isOpen ? 'join' : 'join join-closed'} aria-labelledby="join-heading">
      <div class="join-text">
        <h2 id="join-heading">{t(isOpen ? 'join.heading' : 'join.heading_closed')}</h2>
        <TextSheets texts={view.options} locale={view.locale} textLocale={view.textLocale} t={t} />
        {isOpen ? <Go {...{ view, t }} /> : null}
      </div>
    </section>
  );
}

function Go({ view, t }: TextProps) {
  return (
    <>
      <Choice {...{ view, t }} />
      <p class="join-go">
        <a class="button button-join" href={view.joinHref}>
          {t('campaign.join')}
        </a>
      </p>
      <p class="join-closes">{t('join.closes', { when: closing(view) })}</p>
    </>
  );
}

function Choice({ view, t }: TextProps) {
  if (view.ownWords) return <p class="join-exact">{t('campaign.own_words')}</p>;
  if (view.wordings > 1) return <p class="join-exact">{t('campaign.wordings')}</p>;
  return <p class="join-exact">{t('join.exact')}</p>;
}

/** No network is connected to this instance, so there is nothing to press. */
function NoWay({ t }: { t: Translate }) {
  return (
    <section id="join" class="join join-closed" aria-labelledby="join-heading">
      <div class="join-text">
        <h2 id="join-heading">{t('join.none')}</h2>
        <p>{t('join.none_text')}</p>
      </div>
    </section>
  );
}

function closing(view: CampaignView): string {
  const { zone } = momentWords(view.locale, view.moment);
  return `${dayAndClock(view.locale, view.closesAt, view.moment.zone)} (${zone})`;
}
