import { CampaignTitle } from '../components/campaign-title.tsx';
import { SupporterPage } from '../components/supporter-page.tsx';
import { renderDocument } from '../document.tsx';
import { dayAndClock } from '../format.ts';
import { type Translate, translator } from '../i18n.ts';
import type { BeginView, NoticeKind, NoticeView, Over } from '../views/notice.ts';

interface PartProps {
  view: NoticeView;
  t: Translate;
}

/** A page that only says something: what happened, that nothing was half done, and what to do next. */
export function noticePage(view: NoticeView): string {
  const t = translator(view.locale);
  return renderDocument(
    <SupporterPage frame={view} title="Tocsin" mainClass="notice" state={view.kind}>
      <h1 class="poster">{t(`notice.${view.kind}.title`, named(view))}</h1>
      {view.unfit ? (
        <p class="lede">
          {t(`receipt.reasons.${view.unfit.reason}`, { platform: view.unfit.platformLabel })}
        </p>
      ) : null}
      <p class="lede">{textWords(view, t)}</p>
      <Wait {...{ view, t }} />
      <p class="notice-next">{nextWords(view, t)}</p>
      {view.begin && view.begin.fields === null ? <p>{t('notice.begin_own')}</p> : null}
      {view.missingHref ? (
        <p>
          <a href={view.missingHref}>{t('choose.missing.wider')}</a>
        </p>
      ) : null}
      <Onward {...{ view, t }} />
      {view.kind === 'other_account' && view.receiptHref && view.againHref ? (
        <p>
          <a href={view.receiptHref}>{t('notice.to_receipt')}</a>
        </p>
      ) : null}
      <BackToCampaign {...{ view, t }} />
      {view.back?.assistedHref && !byHandHref(view) ? (
        <p class="step-back">
          <a href={view.back.assistedHref}>{t('assisted.link_button')}</a>
        </p>
      ) : null}
    </SupporterPage>,
  );
}

/** Which sentences are used: a supporter who has joined before is not told that they have not. */
function wordsOf({ kind, receiptHref }: NoticeView): NoticeKind | 'receipt' {
  return receiptHref && kind !== 'other_account' ? 'receipt' : kind;
}

/** What goes into its sentences. */
function named({ platformLabel }: NoticeView): { platform: string } {
  return { platform: platformLabel ?? '' };
}

/** What happened. Who comes to a campaign that has ended was not a little too late for it. */
function textWords(view: NoticeView, t: Translate): string {
  const says = wordsOf(view);
  if (view.kind !== 'closed' || !view.over) return t(`notice.${says}.text`, named(view));
  const kept = t(`notice.${says === 'receipt' ? 'receipt' : 'account_unfit'}.text`);
  return `${overWords(view.over, t)} ${kept}`;
}

/** How the campaign has ended, in the words of its page. */
function overWords(over: Over, t: Translate): string {
  return over === 'settled' ? t('notice.over.past') : t(`campaign.${over}`);
}

/** What can be done, which is nothing that takes joining where that is over by then. */
function nextWords(view: NoticeView, t: Translate): string {
  const { closing, locale, over, kind } = view;
  if (over && (kind === 'closed' || closing?.kind === 'closed')) {
    const next = over === 'settled' ? t('notice.over.settled') : t('notice.over.stopped');
    return kind === 'closed' ? next : `${overWords(over, t)} ${next}`;
  }
  if (!closing) return t(`notice.${wordsOf(view)}.next`, named(view));
  const when = instantWords(locale, closing);
  return closing.kind === 'soon'
    ? `${t('join.closes', { when })} ${t('notice.closing.soon')}`
    : t(`notice.closing.${closing.kind}`, { when });
}

/** How long the network wants to be left alone, or that it has not said so. */
function Wait({ view, t }: PartProps) {
  if (view.closing?.kind === 'closed') return null;
  if (view.until)
    return <p>{t('notice.until', { when: instantWords(view.locale, view.until) })}</p>;
  return view.kind === 'asked_to_wait' ? <p>{t('notice.wait_unnamed')}</p> : null;
}

function instantWords(locale: string, { instant, zone }: { instant: string; zone: string }) {
  return `${dayAndClock(locale, instant, zone)} (${zone})`;
}

/** The one button, to where they can go on: their receipt, the same words, doing it by hand, or else the campaign. */
function Onward({ view, t }: PartProps) {
  const { kind, begin, receiptHref, againHref, back, lang } = view;
  if (begin) return <BeginHere begin={begin} t={t} />;
  const byHand = byHandHref(view);
  // With another account they go on at the network, and their receipt has not changed.
  const isOther = kind === 'other_account' && againHref;
  const [href, label] =
    receiptHref && !isOther
      ? ([receiptHref, t('notice.to_receipt')] as const)
      : againHref
        ? ([againHref, t('notice.again')] as const)
        : byHand
          ? ([byHand, t('assisted.link_button')] as const)
          : back
            ? ([back.href, t('notice.back')] as const)
            : ([`/?lang=${lang}`, t('notice.home')] as const);
  return (
    <p>
      <a class="button" href={href}>
        {label}
      </a>
    </p>
  );
}

/** What is left where joining is over before it is worth trying again. */
function byHandHref({ closing, back }: NoticeView): string | null {
  return closing?.kind === 'too_late' ? (back?.assistedHref ?? null) : null;
}

function BeginHere({ begin, t }: { begin: BeginView; t: Translate }) {
  const { action, fields } = begin;
  if (fields === null) {
    return (
      <p>
        <a class="button" href={action}>
          {t('notice.begin_here')}
        </a>
      </p>
    );
  }
  return (
    <form method="post" action={action}>
      {fields.map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      <p>
        <button class="button" type="submit">
          {t('notice.begin_same')}
        </button>
      </p>
    </form>
  );
}

/** Which campaign it is about, and the link to it where the button leads elsewhere. */
function BackToCampaign({ view, t }: PartProps) {
  const { back, begin, receiptHref, againHref } = view;
  if (!back) return null;
  const isElsewhere = Boolean(begin ?? receiptHref ?? againHref ?? byHandHref(view));
  return (
    <p>
      {isElsewhere ? <a href={back.href}>{t('notice.back')}</a> : null}{' '}
      <CampaignTitle class="notice-campaign" title={back.title} locale={back.textLocale} />
    </p>
  );
}
