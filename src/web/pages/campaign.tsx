import { AssistedLink } from '../components/assisted-link.tsx';
import { CampaignHero } from '../components/campaign-hero.tsx';
import { CampaignResult } from '../components/campaign-result.tsx';
import { CampaignText } from '../components/campaign-text.tsx';
import { OrganisationName } from '../components/organisation-name.tsx';
import { Story } from '../components/story.tsx';
import { SupporterPage } from '../components/supporter-page.tsx';
import { renderDocument } from '../document.tsx';
import { momentWords, sentence } from '../format.ts';
import { type Translate, translator } from '../i18n.ts';
import type { CampaignView } from '../views.ts';

/** A campaign's public page: the moment, the exact text, what one agrees to, and why. */
export function campaignPage(view: CampaignView): string {
  const t = translator(view.locale);
  const { date, time, zone } = momentWords(view.locale, view.moment);
  return renderDocument(
    <SupporterPage
      frame={view}
      title={`${view.title} · ${view.organiser.name}`}
      description={sentence(t('campaign.summary', { date, time, zone }))}
      indexed={view.state !== 'draft' && view.state !== 'in_review'}
      countdown
      mainClass="campaign"
      state={view.state}
    >
      <CampaignHero view={view} t={t} />
      {view.result ? <CampaignResult result={view.result} locale={view.locale} t={t} /> : null}
      <CampaignText view={view} t={t} />
      <AssistedLink view={view} t={t} />
      <Background view={view} t={t} />
    </SupporterPage>,
  );
}

function Background({ view, t }: { view: CampaignView; t: Translate }) {
  return (
    <div class="background">
      <section class="why" aria-labelledby="why">
        <h2 id="why" class="rubric">
          {t('campaign.why')}
        </h2>
        <Story source={view.story} locale={view.textLocale} />
        <More link={view.link} t={t} />
      </section>
      <section class="who" aria-labelledby="who">
        <h2 id="who" class="rubric">
          {t('campaign.who')}
        </h2>
        <dl>
          <dt>{t('campaign.organiser')}</dt>
          <dd class="who-organiser">
            <OrganisationName organisation={view.organiser} />
          </dd>
          {view.partners.length > 0 ? <dt>{t('campaign.partners')}</dt> : null}
          {view.partners.map((partner) => (
            <dd>
              <OrganisationName organisation={partner} />
            </dd>
          ))}
        </dl>
      </section>
    </div>
  );
}

function More({ link, t }: { link: string; t: Translate }) {
  if (!/^https?:\/\//i.test(link) || !URL.canParse(link)) return null;
  return (
    <p class="more">
      <a href={link} rel="noopener nofollow">
        {t('campaign.more', { host: new URL(link).host.replace(/^www\./, '') })}
      </a>
    </p>
  );
}
