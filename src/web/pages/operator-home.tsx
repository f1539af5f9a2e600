import { Findings } from '../components/findings.tsx';
import { Holds } from '../components/holds.tsx';
import { OperatorPage } from '../components/operator-page.tsx';
import { StateName } from '../components/state-name.tsx';
import { StopControls } from '../components/stop-controls.tsx';
import { renderDocument } from '../document.tsx';
import { formatList, formatNumber, momentWords, zoneAndUtc } from '../format.ts';
import { direction } from '../i18n.ts';
import type { ListView } from '../views/campaign.ts';
import type { OperatorCampaign, OperatorHomeView } from '../views/operator.ts';

/** All campaigns as an operator sees them, with the way to each delivery page. */
export function operatorHomePage(view: OperatorHomeView): string {
  return renderDocument(
    <OperatorPage
      title="Campaigns · Tocsin"
      signOutAction={view.signOutAction}
      mainClass="ops-home"
    >
      <h1>Campaigns</h1>
      <Findings findings={view.findings} zone="UTC" />
      <Holds holds={view.holds} zone="UTC" buttons="wide" />
      {view.networks.length === 0 ? (
        <p class="lede" role="status">
          No network is connected, so nobody can join. Set <code>X_CLIENT_ID</code> and{' '}
          <code>X_CLIENT_SECRET</code>; docs/operators.md says where they come from.
        </p>
      ) : null}
      <p class="ops-links">
        <a href="/ops/platforms">Platforms</a>
        {view.unaccepted.length > 0 ? (
          <span>
            Nobody can join with {formatList('en', view.unaccepted, 'disjunction')} yet: nobody has
            accepted what the rules say.
          </span>
        ) : null}
      </p>
      {view.problem ? (
        <p class="lede" role="alert">
          {view.problem}
        </p>
      ) : null}
      {isEmpty(view) ? (
        <p class="lede">
          There is none yet. Create one with <code>npm run tocsin -- campaign create FILE</code>.
        </p>
      ) : null}
      <Campaigns id="waiting" title="Waiting for approval" list={view.waiting} />
      <Campaigns id="coming" title="To come" list={view.coming} />
      <Campaigns id="past" title="Past" list={view.past} />
      <StopControls stops={view.stops} />
    </OperatorPage>,
  );
}

/** Only the first page, which has all three lists, can be empty. */
function isEmpty({ waiting, coming, past }: OperatorHomeView): boolean {
  return [waiting, coming, past].every((list) => list?.campaigns.length === 0);
}

interface CampaignsProps {
  id: string;
  title: string;
  list: ListView<OperatorCampaign> | null;
}

function Campaigns({ id, title, list }: CampaignsProps) {
  if (list === null || list.campaigns.length === 0) return null;
  return (
    <section aria-labelledby={id} data-list={id}>
      <h2 id={id} class="rubric">
        {title}
      </h2>
      <ul class="bills">
        {list.campaigns.map((campaign) => (
          <CampaignRow campaign={campaign} />
        ))}
      </ul>
      {list.moreHref ? (
        <p class="bills-more">
          <a href={list.moreHref}>{id === 'past' ? 'Earlier campaigns' : 'Later campaigns'}</a>
        </p>
      ) : null}
    </section>
  );
}

function CampaignRow({ campaign }: { campaign: OperatorCampaign }) {
  const { slug, title, textLocale, moment, pledges, approveAction } = campaign;
  const words = momentWords('en', moment);
  const written = { lang: textLocale, dir: direction(textLocale) };
  const path = encodeURIComponent(slug);
  return (
    <li class="bill" data-campaign={slug}>
      <p class="bill-time">
        <time datetime={moment.instant}>
          <span class="bill-clock">{words.time}</span> {words.date}, {zoneAndUtc(moment, words)}
        </time>
        {campaign.rules ? <span class="moment-rules"> ({campaign.rules})</span> : null}
      </p>
      <h3>
        <a href={`/ops/campaigns/${path}`} {...written}>
          {title}
        </a>
      </h3>
      <p class="bill-by">
        <StateName state={campaign.state} />
        <span>
          <strong data-pledges={pledges}>{formatNumber('en', pledges)}</strong> pledges
        </span>
        <a href={`/c/${path}`}>Public page</a>
      </p>
      {approveAction ? (
        <form class="bill-approve" method="post" action={approveAction}>
          <button class="button" type="submit">
            Approve
            <span class="unseen" {...written}>
              {' '}
              {title}
            </span>
          </button>
        </form>
      ) : null}
    </li>
  );
}
