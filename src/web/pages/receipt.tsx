import { ExactText } from '../components/exact-text.tsx';
import { SupporterPage } from '../components/supporter-page.tsx';
import { Timetable } from '../components/timetable.tsx';
import { renderDocument } from '../document.tsx';
import { clockToMillisecond, dayAndClock, momentWords, sentence } from '../format.ts';
import { type Translate, translator } from '../i18n.ts';
import type { ReceiptEntry, ReceiptView } from '../views.ts';

interface PartProps {
  view: ReceiptView;
  entry: ReceiptEntry;
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
      state={view.entries[0]?.state}
      countdown
    >
      {view.entries.map((entry) => (
        <Entry {...{ view, entry, t }} />
      ))}
      <p class="receipt-back">
        <a href={`/c/${encodeURIComponent(view.campaignSlug)}`}>{t('receipt.back')}</a>
      </p>
    </SupporterPage>,
  );
}

function Entry({ view, entry, t }: PartProps) {
  return (
    <article class="receipt-entry" data-state={entry.state}>
      <State {...{ view, entry, t }} />
      <div class="receipt-sheet">
        <section aria-labelledby={`text-${entry.id}`}>
          <h2 id={`text-${entry.id}`} class="rubric">
            {t('receipt.text')}
          </h2>
          <ExactText text={entry.text} locale={entry.textLocale} />
          <Withdraw {...{ entry, t }} />
        </section>
        <section class="receipt-moment" aria-labelledby={`moment-${entry.id}`}>
          <h2 id={`moment-${entry.id}`} class="rubric">
            {t('receipt.moment')}
          </h2>
          <Timetable locale={view.locale} moment={view.moment} />
        </section>
        <Consent {...{ view, entry, t }} />
      </div>
    </article>
  );
}

function State({ view, entry, t }: PartProps) {
  const platform = entry.platformLabel;
  const at = entry.postedAt ?? view.moment.instant;
  const time = clockToMillisecond(view.locale, at, view.moment.zone);
  return (
    <div class="receipt-state">
      <h1 class="poster">{t(`receipt.state.${entry.state}.title`, { time })}</h1>
      <p class="lede">{t(`receipt.state.${entry.state}.text`, { platform })}</p>
      {entry.reconnectHref ? (
        <Reconnect href={entry.reconnectHref} {...{ platform, t }} />
      ) : (
        <Reason {...{ entry, t }} />
      )}
      {view.again && entry.withdrawAction ? <p class="aside">{t('receipt.again')}</p> : null}
      {view.fresh && entry.withdrawAction ? <p class="aside">{t('receipt.fresh')}</p> : null}
      {entry.postUrl && /^https?:\/\//i.test(entry.postUrl) ? (
        <p>
          <a class="button" href={entry.postUrl} rel="noopener noreferrer">
            {t('receipt.see')}
          </a>
        </p>
      ) : null}
    </div>
  );
}

function Reason({ entry, t }: Omit<PartProps, 'view'>) {
  if (!entry.reason) return null;
  return <p>{t(`receipt.reasons.${entry.reason}`, { platform: entry.platformLabel })}</p>;
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

function Consent({ view, entry, t }: PartProps) {
  const account = { handle: entry.handle, platform: entry.platformLabel };
  const { zone } = momentWords(view.locale, view.moment);
  const at = dayAndClock(view.locale, entry.consentedAt, view.moment.zone);
  const consented = `${sentence(at)} (${zone})`;
  const rows = [
    [t('receipt.account'), t('receipt.account_text', account)],
    [t('receipt.campaign'), view.campaignTitle],
    [t('receipt.organiser'), view.organiser],
    [t('receipt.consented'), <time datetime={entry.consentedAt}>{consented}</time>],
    [t('receipt.scope'), <code>{entry.scope}</code>],
    [t('receipt.policy'), entry.policyVersion],
    [t('receipt.hash'), <code>{entry.textHash}</code>],
  ];
  return (
    <section class="receipt-consent" aria-labelledby={`consent-${entry.id}`}>
      <h2 id={`consent-${entry.id}`} class="rubric">
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

function Withdraw({ entry, t }: Omit<PartProps, 'view'>) {
  if (!entry.withdrawAction) return null;
  return (
    <form class="withdraw" method="post" action={entry.withdrawAction}>
      <input type="hidden" name="pledge" value={entry.id} />
      <p id={`withdraw-${entry.id}`}>{t('receipt.withdraw_text')}</p>
      <button class="button button-quiet" type="submit" aria-describedby={`withdraw-${entry.id}`}>
        {t('receipt.withdraw')}
      </button>
    </form>
  );
}
