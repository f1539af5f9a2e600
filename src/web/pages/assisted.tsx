import { AssistedReminder } from '../components/assisted-reminder.tsx';
import { AssistedTexts } from '../components/assisted-texts.tsx';
import { AssistedWays } from '../components/assisted-ways.tsx';
import { Countdown } from '../components/countdown.tsx';
import { Safety } from '../components/safety.tsx';
import { SupporterPage } from '../components/supporter-page.tsx';
import { Timetable } from '../components/timetable.tsx';
import { renderDocument } from '../document.tsx';
import { formatNumber } from '../format.ts';
import { direction, type Translate, translator } from '../i18n.ts';
import type { AssistedView } from '../views/assisted.ts';

const DAY_MS = 86_400_000;

interface PartProps {
  view: AssistedView;
  t: Translate;
}

/**
 * For people who post by themselves. Before the moment both states are on the page and the second is hidden: the script
 * changes over by the server's clock, so that thousands of open pages make no request at the moment itself.
 */
export function assistedPage(view: AssistedView): string {
  const t = translator(view.locale);
  return renderDocument(
    <SupporterPage
      frame={view}
      title={t('assisted.page_title')}
      countdown
      scripts={['assisted.js']}
      mainClass="assisted"
      state={view.phase}
    >
      <p class="byline" lang={view.textLocale} dir={direction(view.textLocale)}>
        <a class="line-link" href={view.campaignHref}>
          {view.title}
        </a>
      </p>
      {view.phase === 'off' ? <Off t={t} /> : <Running {...{ view, t }} />}
    </SupporterPage>,
  );
}

function Off({ t }: { t: Translate }) {
  return (
    <>
      <h1 class="poster">{t('assisted.off')}</h1>
      <p class="lede">{t('assisted.off_text')}</p>
    </>
  );
}

function Running({ view, t }: PartProps) {
  const before = view.phase === 'before';
  return (
    <>
      <Said {...{ view, t }} />
      {before ? <Before {...{ view, t }} /> : null}
      <div class="assisted-now" data-now-part hidden={before}>
        <h1 class="poster">{t('assisted.now')}</h1>
        <p class="lede">{t('assisted.now_text')}</p>
        <AssistedWays {...{ view, t }} />
      </div>
      <AssistedTexts {...{ view, t }} />
      {before ? <Safety t={t} /> : null}
      <div class="assisted-after" data-now-part hidden={before}>
        <Confirm {...{ view, t }} />
      </div>
    </>
  );
}

function Said({ view, t }: PartProps) {
  if (view.notice === null) return null;
  const wrong = !['mail', 'thanks', 'noted'].includes(view.notice);
  return (
    <p class={wrong ? 'warning' : 'aside'} role={wrong ? 'alert' : 'status'}>
      {t(`assisted.said_${view.notice}`)}
    </p>
  );
}

function Before({ view, t }: PartProps) {
  return (
    <div class="assisted-before" data-before-part data-title-now={t('assisted.title_now')}>
      <h1 class="poster">{t('assisted.before')}</h1>
      <p class="lede">{t('assisted.before_text')}</p>
      <section class="moment" aria-label={t('campaign.moment')}>
        <div class="headline">
          <Countdown
            until={view.moment.instant}
            now={view.now}
            days={daysBetween(view.now, view.moment.instant)}
            t={t}
          />
        </div>
        <Timetable locale={view.locale} moment={view.moment} />
      </section>
      <div class="assisted-keep">
        <h2 class="rubric">{t('assisted.keep')}</h2>
        <p>{t('assisted.keep_text')}</p>
        <p class="reload">
          <a class="line-link" href={`${view.path}?lang=${view.lang}`}>
            {t('assisted.reload')}
          </a>
        </p>
      </div>
      <div class="assisted-keep">
        <h2 class="rubric">{t('assisted.calendar')}</h2>
        <p>{t('assisted.calendar_text')}</p>
        <p>
          <a class="button" href={`${view.path}/moment.ics?lang=${view.lang}`}>
            {t('assisted.calendar_button')}
          </a>
        </p>
      </div>
      {view.reminders ? <AssistedReminder {...{ view, t }} /> : null}
    </div>
  );
}

/** Whole days from one instant to another. */
function daysBetween(from: string, until: string): number {
  return Math.max(0, Math.floor((Date.parse(until) - Date.parse(from)) / DAY_MS));
}

function Confirm({ view, t }: PartProps) {
  if (view.phase === 'now' && !view.confirmable) return null;
  const { posts, locale } = view;
  return (
    <section aria-labelledby="confirm">
      <h2 id="confirm" class="rubric">
        {t('assisted.confirm')}
      </h2>
      <p>{t('assisted.confirm_text')}</p>
      <form class="fields" method="post" action={`${view.path}/confirm`}>
        <input type="hidden" name="lang" value={view.lang} />
        <div class="field">
          <label for="confirm-url">{t('assisted.confirm_label')}</label>
          <input id="confirm-url" name="url" type="url" inputmode="url" required />
        </div>
        <button class="button button-quiet" type="submit">
          {t('assisted.confirm_button')}
        </button>
      </form>
      {posts > 0 ? (
        <p>{t('result.by_hand', { count: posts, n: formatNumber(locale, posts) })}</p>
      ) : null}
    </section>
  );
}
