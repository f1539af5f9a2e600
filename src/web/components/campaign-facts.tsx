import type { Translate } from '../i18n.ts';
import type { CampaignView } from '../views/campaign.ts';
import { OrganisationName } from './organisation-name.tsx';

interface FactsProps {
  view: CampaignView;
  t: Translate;
}

/** Who calls, where it can be checked, and where money can be given. */
export function CampaignFacts({ view, t }: FactsProps) {
  return (
    <>
      <Who {...{ view, t }} />
      <Sources {...{ view, t }} />
      <Donation {...{ view, t }} />
    </>
  );
}

function Who({ view, t }: FactsProps) {
  return (
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
  );
}

function Sources({ view, t }: FactsProps) {
  const sources = (view.sources ?? []).filter(({ url }) => isWeb(url));
  if (sources.length === 0) return null;
  return (
    <section class="sources" aria-labelledby="sources">
      <h2 id="sources" class="rubric">
        {t('campaign.sources')}
      </h2>
      <ol>
        {sources.map(({ title, url }) => (
          <li>
            <a href={url} rel="noopener nofollow">
              <bdi>{title}</bdi>
            </a>{' '}
            <span class="sources-host">
              <bdi>{hostOf(url)}</bdi>
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Donation({ view, t }: FactsProps) {
  if (view.donation === undefined || !isWeb(view.donation)) return null;
  return (
    <section class="donation" aria-labelledby="donation">
      <h2 id="donation" class="rubric">
        {t('campaign.donation')}
      </h2>
      <p>
        <a href={view.donation} rel="noopener nofollow">
          {t('campaign.donate', { host: hostOf(view.donation) })}
        </a>
      </p>
    </section>
  );
}

function isWeb(url: string): boolean {
  return /^https?:\/\//i.test(url) && URL.canParse(url);
}

function hostOf(url: string): string {
  return new URL(url).host.replace(/^www\./, '');
}
