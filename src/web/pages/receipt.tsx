import { accountName } from '../account-name.ts';
import { WarningLine } from '../components/content-warning.tsx';
import { ExactText } from '../components/exact-text.tsx';
import { ReceiptConsent } from '../components/receipt-consent.tsx';
import { ReceiptMore } from '../components/receipt-more.tsx';
import { EntryState } from '../components/receipt-state.tsx';
import { ChangeText, Withdraw } from '../components/receipt-text.tsx';
import { SupporterPage } from '../components/supporter-page.tsx';
import { Timetable } from '../components/timetable.tsx';
import { renderDocument } from '../document.tsx';
import { dayAndClock, momentWords } from '../format.ts';
import { type Translate, translator } from '../i18n.ts';
import type { ReceiptEntry, ReceiptNotice, ReceiptView } from '../views/receipt.ts';

interface PageProps {
  view: ReceiptView;
  t: Translate;
}

/** What a supporter holds in hand: the state of each post, its exact text, the way out, and all that can be taken away. */
export function receiptPage(view: ReceiptView): string {
  const t = translator(view.locale);
  const [first] = view.entries;
  return renderDocument(
    <SupporterPage
      frame={view}
      title={t('receipt.page_title')}
      stylesheet="receipt.css"
      mainClass="receipt"
      state={first?.state}
      scripts={['share.js']}
      countdown
      follow={view.follow}
    >
      {first && view.entries.length === 1 ? (
        <One entry={first} {...{ view, t }} />
      ) : (
        <Several {...{ view, t }} />
      )}
      <ReceiptMore {...{ view, t }} />
      <p class="receipt-address">{t('receipt.address', { address: view.address })}</p>
      <p class="receipt-back">
        <a href={view.campaignHref}>{t('receipt.back')}</a>
      </p>
    </SupporterPage>,
  );
}

/** One post: its state is what the page says. */
function One({ view, entry, t }: PageProps & { entry: ReceiptEntry }) {
  return (
    <article class="receipt-entry" data-state={entry.state} data-part={entry.id}>
      <div class="receipt-state">
        <EntryState {...{ view, entry, t }} level="h1" />
        <Said {...{ view, t }} />
      </div>
      <div class="receipt-sheet">
        <Text {...{ entry, t }} level="h2" />
        <Moment {...{ view, t }} />
        <ReceiptConsent {...{ view, entry, t }} level="h2" />
        <Until {...{ view, t }} />
      </div>
    </article>
  );
}

/** Several posts: how many there are, and each with its own heading. The moment is one for all. */
function Several({ view, t }: PageProps) {
  return (
    <>
      <div class="receipt-state">
        <h1 class="poster">{t('receipt.several', { count: view.entries.length })}</h1>
        <Said {...{ view, t }} />
      </div>
      {view.entries.map((entry) => (
        <article
          class="receipt-entry receipt-one-of"
          data-state={entry.state}
          data-part={entry.id}
          aria-labelledby={`state-${entry.id}`}
        >
          <div class="receipt-state">
            <p class="receipt-account">
              {entry.agreed
                ? t('receipt.account_text', {
                    handle: accountName(t, entry.agreed),
                    platform: entry.platformLabel,
                  })
                : entry.platformLabel}
            </p>
            <EntryState {...{ view, entry, t }} level="h2" />
          </div>
          <div class="receipt-sheet">
            <Text {...{ entry, t }} level="h3" />
            <ReceiptConsent {...{ view, entry, t }} level="h3" />
          </div>
        </article>
      ))}
      <Moment {...{ view, t }} />
      <Until {...{ view, t }} />
    </>
  );
}

interface EntryProps {
  entry: ReceiptEntry;
  t: Translate;
  level: 'h2' | 'h3';
}

/** Of what was withdrawn, no text is left. */
function Text({ entry, t, level: Heading }: EntryProps) {
  if (!entry.agreed) return null;
  const { text, contentWarning: warning, textLocale: locale } = entry.agreed;
  return (
    <section aria-labelledby={`text-${entry.id}`}>
      <Heading id={`text-${entry.id}`} class="rubric">
        {t('receipt.text')}
      </Heading>
      {warning === undefined ? null : (
        <WarningLine label={t('warning.label')} {...{ warning, locale }} />
      )}
      <ExactText {...{ text, locale }} />
      <ChangeText {...{ entry, t }} />
      <Withdraw {...{ entry, t }} />
    </section>
  );
}

function Moment({ view, t }: PageProps) {
  return (
    <section class="receipt-moment" aria-labelledby="moment">
      <h2 id="moment" class="rubric">
        {t('receipt.moment')}
      </h2>
      <Timetable locale={view.locale} moment={view.moment} />
    </section>
  );
}

function Until({ view, t }: PageProps) {
  const { zone } = momentWords(view.locale, view.moment);
  const date = `${dayAndClock(view.locale, view.until, view.moment.zone)} (${zone})`;
  return (
    <p class="receipt-until">
      <time datetime={view.until}>{t('receipt.until', { date })}</time>
    </p>
  );
}

/** What is good news, or only a word of advice; the rest has to be noticed. */
const QUIET: readonly ReceiptNotice[] = ['first', 'again', 'changed', 'mail'];

function Said({ view, t }: PageProps) {
  const { notice: said } = view;
  if (said === null) return null;
  // Of a receipt that is over by now, there is nothing to be kept.
  const over = view.entries.every(({ withdrawAction }) => withdrawAction === null);
  if (over && (said === 'first' || said === 'again')) return null;
  return QUIET.includes(said) ? (
    <p class="aside" role="status">
      {saidWords(said, t)}
    </p>
  ) : (
    <p class="warning" role="alert">
      {saidWords(said, t)}
    </p>
  );
}

/** Of the reminder, the same is said as on the page for people who post by themselves. */
function saidWords(said: ReceiptNotice, t: Translate): string {
  switch (said) {
    case 'mail':
    case 'wrong_address':
    case 'busy':
      return t(`assisted.said_${said}`);
    case 'first':
    case 'again':
    case 'changed':
    case 'too_late':
    case 'fixed':
    case 'being_sent':
      return t(`receipt.said.${said}`);
  }
}
