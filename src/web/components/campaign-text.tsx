import { dayAndClock, momentWords } from '../format.ts';
import type { Translate } from '../i18n.ts';
import type { CampaignView } from '../views/campaign.ts';
import { AssistedLink } from './assisted-link.tsx';
import { TextSheets } from './text-sheets.tsx';

interface TextProps {
  view: CampaignView;
  t: Translate;
}

/** What would be posted, the way in, and the way for everybody who will not or cannot give a permission. */
export function CampaignText({ view, t }: TextProps) {
  const isOpen = view.state === 'open';
  if (isOpen && view.options.length === 0) return <NoWay {...{ view, t }} />;
  if (view.options.length === 0) return <AssistedLink {...{ view, t }} heading="h2" />;
  return (
    <section id="join" class={isOpen ? 'join' : 'join join-closed'} aria-labelledby="join-heading">
      <h2 id="join-heading">{t(isOpen ? 'join.heading' : 'join.heading_closed')}</h2>
      <div class="lend">
        <div class="lend-text">
          <TextSheets
            texts={view.options}
            locale={view.locale}
            textLocale={view.textLocale}
            t={t}
          />
        </div>
        <div class="lend-ways">
          {isOpen ? <Go {...{ view, t }} /> : null}
          <AssistedLink view={view} t={t} />
        </div>
      </div>
    </section>
  );
}

function Go({ view, t }: TextProps) {
  return (
    <div class="lend-go">
      <Choice {...{ view, t }} />
      <p class="join-go">
        <a class="button button-join" href={view.joinHref}>
          {t('campaign.join')}
        </a>
      </p>
      <p class="join-closes">{t('join.closes', { when: closing(view) })}</p>
    </div>
  );
}

function Choice({ view, t }: TextProps) {
  if (view.ownWords) return <p class="lend-choice">{t('campaign.own_words')}</p>;
  if (view.wordings > 1) return <p class="lend-choice">{t('campaign.wordings')}</p>;
  return <p class="lend-choice">{t('join.exact')}</p>;
}

/** No network is connected to this instance, so there is nothing to press but the way by hand. */
function NoWay({ view, t }: TextProps) {
  return (
    <section id="join" class="join join-closed" aria-labelledby="join-heading">
      <h2 id="join-heading">{t('join.none')}</h2>
      <p>{t('join.none_text')}</p>
      <AssistedLink view={view} t={t} />
    </section>
  );
}

function closing(view: CampaignView): string {
  const { zone } = momentWords(view.locale, view.moment);
  return `${dayAndClock(view.locale, view.closesAt, view.moment.zone)} (${zone})`;
}
