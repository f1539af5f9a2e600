import { Countdown } from '../components/countdown.tsx';
import { Figures } from '../components/figures.tsx';
import { MomentDoubt } from '../components/moment-doubt.tsx';
import { OperatorPage } from '../components/operator-page.tsx';
import { StopControls } from '../components/stop-controls.tsx';
import { renderDocument, renderFragment } from '../document.tsx';
import { clockToSecond, momentWords, zoneAndUtc } from '../format.ts';
import { direction, translator } from '../i18n.ts';
import type { MomentView } from '../views/campaign.ts';
import type { DeliveryFigures, DeliveryView } from '../views/delivery.ts';

/** The delivery page: one campaign, watched while it happens. */
export function deliveryPage(view: DeliveryView): string {
  const { title, textLocale, moment, figures, eventsUrl } = view;
  const words = momentWords('en', moment);
  return renderDocument(
    <OperatorPage
      title={`Delivery · ${title}`}
      signOutAction={view.signOutAction}
      mainClass="delivery"
      scripts={['countdown.js', 'live.js']}
    >
      <div class="delivery-head">
        <div class="delivery-title">
          <h1 lang={textLocale} dir={direction(textLocale)}>
            {title}
          </h1>
          <p class="delivery-moment">
            <time datetime={moment.instant}>
              {words.date}, {words.time} {zoneAndUtc(moment, words)}
            </time>
            <span class="moment-rules"> ({view.rules})</span>
          </p>
        </div>
        <Countdown until={moment.instant} t={translator('en')} since="Time since the moment" />
        <p class="live" role="status" data-live-state="off">
          <span class="live-word">not live: reload to see more</span>{' '}
          <a href="/ops" hidden data-live-sign-in>
            Sign in
          </a>
        </p>
      </div>
      {view.problem ? (
        <p class="lede" role="alert">
          {view.problem}
        </p>
      ) : null}
      <div class="figures" data-figures data-events-url={eventsUrl}>
        <Figures figures={figures} moment={moment} />
      </div>
      {view.doubt ? <MomentDoubt doubt={view.doubt} /> : null}
      {view.stop ? <StopControls stops={[view.stop]} /> : null}
    </OperatorPage>,
  );
}

/** The figures alone, as one live event carries them; the same HTML as inside deliveryPage. */
export function deliveryFigures(figures: DeliveryFigures, moment: MomentView): string {
  return renderFragment(<Figures figures={figures} moment={moment} />);
}

/** The time that a tick of the live stream carries: 10:59:41 on the clock of the campaign's zone. */
export function tickClock(atMs: number, zone: string): string {
  return clockToSecond('en', new Date(atMs).toISOString(), zone);
}
