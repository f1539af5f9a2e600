import { NAME, NameWithin } from '../components/name-within.tsx';
import { SupporterPage } from '../components/supporter-page.tsx';
import { renderDocument } from '../document.tsx';
import { momentWords, sentence, withComma } from '../format.ts';
import { direction, type Translate, translator } from '../i18n.ts';
import type { CampaignCard, HomeView, ListView } from '../views/campaign.ts';

/** The list of campaigns. */
export function homePage(view: HomeView): string {
  const t = translator(view.locale);
  return renderDocument(
    <SupporterPage
      frame={view}
      title={`${t('home.title')} · Tocsin`}
      description={t('home.lede')}
      indexed
      mainClass="home"
    >
      <h1 class="poster">{t('home.title')}</h1>
      <p class="lede">{t('home.lede')}</p>
      {view.coming ? (
        <Campaigns id="campaigns" list={view.coming} locale={view.locale} t={t} />
      ) : null}
      {view.past && (view.past.campaigns.length > 0 || !view.coming) ? (
        <Campaigns id="past" list={view.past} locale={view.locale} t={t} />
      ) : null}
      {view.coming && view.past ? null : (
        <p class="bills-more">
          <a href={`/?lang=${view.lang}`}>{t('notice.home')}</a>
        </p>
      )}
    </SupporterPage>,
  );
}

interface CampaignsProps {
  id: 'campaigns' | 'past';
  list: ListView<CampaignCard>;
  locale: string;
  t: Translate;
}

function Campaigns({ id, list, locale, t }: CampaignsProps) {
  const { campaigns, moreHref } = list;
  return (
    <section aria-labelledby={id}>
      <h2 id={id} class="rubric">
        {t(`home.${id}`)}
      </h2>
      {campaigns.length === 0 ? <p>{t('home.none')}</p> : null}
      <ul class="bills">
        {campaigns.map((card) => (
          <Bill card={card} locale={locale} t={t} />
        ))}
      </ul>
      {moreHref ? (
        <p class="bills-more">
          <a href={moreHref}>{t(id === 'past' ? 'home.earlier' : 'home.later')}</a>
        </p>
      ) : null}
    </section>
  );
}

function Bill({ card, locale, t }: { card: CampaignCard; locale: string; t: Translate }) {
  const words = momentWords(locale, card.moment);
  return (
    <li class="bill" data-state={card.state}>
      <p class="bill-time">
        <time datetime={card.moment.instant}>
          <span class="bill-clock">{words.time}</span>{' '}
          {withComma(locale, sentence(words.date), words.zone)}
        </time>
      </p>
      <h3>
        <a href={card.href} lang={card.textLocale} dir={direction(card.textLocale)}>
          {card.title}
        </a>
      </h3>
      <p class="bill-by">
        <span>
          <NameWithin text={t('campaign.by', { organiser: NAME })} name={card.organiser} />
        </span>
        <span class="bill-state">{t(`state.${card.state}`)}</span>
      </p>
    </li>
  );
}
