import { CampaignClosing } from '../components/campaign-closing.tsx';
import { CampaignFacts } from '../components/campaign-facts.tsx';
import { CampaignHero } from '../components/campaign-hero.tsx';
import { CampaignLetter } from '../components/campaign-letter.tsx';
import { CampaignResult } from '../components/campaign-result.tsx';
import { CampaignText } from '../components/campaign-text.tsx';
import { CampaignUpdates } from '../components/campaign-updates.tsx';
import { Part } from '../components/follow.tsx';
import { Story } from '../components/story.tsx';
import { SupporterPage } from '../components/supporter-page.tsx';
import { renderDocument } from '../document.tsx';
import { momentWords, sentence } from '../format.ts';
import { type Translate, translator } from '../i18n.ts';
import type { CampaignView } from '../views/campaign.ts';

/** A campaign's public page: the moment, the exact text, and why. Complete without scripts. */
export function campaignPage(view: CampaignView): string {
  const t = translator(view.locale);
  const { date, time, zone } = momentWords(view.locale, view.moment);
  return renderDocument(
    <SupporterPage
      frame={view}
      title={`${view.title} · ${view.organiser.name}`}
      titleLocale={view.textLocale}
      description={sentence(t('campaign.summary', { date, time, zone }))}
      indexed={view.state !== 'draft' && view.state !== 'in_review'}
      preview={view.preview}
      countdown
      mainClass="campaign"
      state={view.state}
      follow={view.follow}
    >
      <CampaignHero view={view} t={t} />
      <Part name="result">
        {view.result ? <CampaignResult result={view.result} locale={view.locale} t={t} /> : null}
      </Part>
      <Part name="text">
        <CampaignText view={view} t={t} />
      </Part>
      <div class="background">
        <div class="background-main">
          <Why {...{ view, t }} />
          <CampaignLetter {...{ view, t }} />
        </div>
        <div class="background-side">
          <CampaignUpdates {...{ view, t }} />
          <CampaignFacts {...{ view, t }} />
        </div>
      </div>
      <Part name="closing">
        <CampaignClosing {...{ view, t }} />
      </Part>
    </SupporterPage>,
  );
}

function Why({ view, t }: { view: CampaignView; t: Translate }) {
  return (
    <section class="why" aria-labelledby="why">
      <h2 id="why" class="rubric">
        {t('campaign.why')}
      </h2>
      <Story source={view.story} locale={view.textLocale} />
      <More link={view.link} t={t} />
    </section>
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
