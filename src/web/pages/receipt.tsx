import { ExactText } from '../components/exact-text.tsx';
import { SupporterPage } from '../components/supporter-page.tsx';
import { Timetable } from '../components/timetable.tsx';
import { renderDocument } from '../document.tsx';
import { clockToMillisecond, dayAndClock, momentWords, sentence } from '../format.ts';
import { type Translate, translator } from '../i18n.ts';
import type { ReceiptView } from '../views.ts';

interface PartProps {
  view: ReceiptView;
  t: Translate;
}

/** What a supporter holds in hand: state of the one post, the exact text, the way out. */
export function receiptPage(view: ReceiptView): string {
  const t = translator(view.locale);
  return renderDocument(
    <SupporterPage
      frame={view}
      title={t('receipt.page_title')}
      mainClass="receipt"
      state={view.state}
      countdown
    >
      <State {...{ view, t }} />
      <div class="receipt-sheet">
        <section aria-labelledby="text">
          <h2 id="text" class="rubric">
            {t('receipt.text')}
          </h2>
          <ExactText text={view.text} locale={view.textLocale} />
          <Withdraw {...{ view, t }} />
        </section>
        <section class="receipt-moment" aria-labelledby="moment">
          <h2 id="moment" class="rubric">
            {t('receipt.moment')}
          </h2>
          <Timetable locale={view.locale} moment={view.moment} />
        </section>
        <Consent {...{ view, t }} />
      </div>
      <p class="receipt-back">
        <a href={`/c/${encodeURIComponent(view.campaignSlug)}`}>{t('receipt.back')}</a>
      </p>
    </SupporterPage>,
  );
}

function State({ view, t }: PartProps) {
  const platform = view.platformLabel;
  const time = view.postedAt
    ? clockToMillisecond(view.locale, view.postedAt, view.moment.zone)
    : clockToMillisecond(view.locale, view.moment.instant, view.moment.zone);
  return (
    <div class="receipt-state">
      <h1 class="poster">{t(`receipt.state.${view.state}.title`, { time })}</h1>
      <p class="lede">{t(`receipt.state.${view.state}.text`, { platform })}</p>
      {view.reconnectHref ? (
        <Reconnect href={view.reconnectHref} {...{ platform, t }} />
      ) : (
        <Reason {...{ view, t }} />
      )}
      {view.again && view.withdrawAction ? <p class="aside">{t('receipt.again')}</p> : null}
      {view.fresh && view.withdrawAction ? <p class="aside">{t('receipt.fresh')}</p> : null}
      {view.postUrl && /^https?:\/\//i.test(view.postUrl) ? (
        <p>
          <a class="button" href={view.postUrl} rel="noopener noreferrer">
            {t('receipt.see')}
          </a>
        </p>
      ) : null}
    </div>
  );
}

function Reason({ view, t }: PartProps) {
  if (!view.reason) return null;
  return <p>{t(`receipt.reasons.${view.reason}`, { platform: view.platformLabel })}</p>;
}

function Reconnect({ href, platform, t }: { href: string; platform: string; t: Translate }) {
  return (
    <>
      <p>
        <strong>{t('receipt.reconnect', { platform })}</strong>
      </p>
      <p>
        <a class="button" href={href}>
          {t('receipt.reconnect_button')}
        </a>
      </p>
    </>
  );
}

function Consent({ view, t }: PartProps) {
  const account = { handle: view.handle, platform: view.platformLabel };
  const { zone } = momentWords(view.locale, view.moment);
  const at = dayAndClock(view.locale, view.consentedAt, view.moment.zone);
  const consented = `${sentence(at)} (${zone})`;
  const rows = [
    [t('receipt.account'), t('receipt.account_text', account)],
    [t('receipt.campaign'), view.campaignTitle],
    [t('receipt.organiser'), view.organiser],
    [t('receipt.consented'), <time datetime={view.consentedAt}>{consented}</time>],
    [t('receipt.scope'), <code>{view.scope}</code>],
    [t('receipt.policy'), view.policyVersion],
    [t('receipt.hash'), <code>{view.textHash}</code>],
  ];
  return (
    <section class="receipt-consent" aria-labelledby="consent">
      <h2 id="consent" class="rubric">
        {t('receipt.consent')}
      </h2>
      <dl>
        {rows.map(([term, detail]) => (
          <div>
            <dt>{term}</dt>
            <dd>{detail}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Withdraw({ view, t }: PartProps) {
  if (!view.withdrawAction) return null;
  return (
    <form class="withdraw" method="post" action={view.withdrawAction}>
      <p id="withdraw-text">{t('receipt.withdraw_text')}</p>
      <button class="button button-quiet" type="submit" aria-describedby="withdraw-text">
        {t('receipt.withdraw')}
      </button>
    </form>
  );
}
