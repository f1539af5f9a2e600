import { AccountFacts } from '../components/account-facts.tsx';
import { ContentWarning } from '../components/content-warning.tsx';
import { ExactText } from '../components/exact-text.tsx';
import { JoinWays, SilentButton } from '../components/join-ways.tsx';
import { LinksMade } from '../components/links-made.tsx';
import { QuickExit } from '../components/quick-exit.tsx';
import { JoinSteps } from '../components/steps.tsx';
import { SupporterPage } from '../components/supporter-page.tsx';
import { Lengths } from '../components/text-sheets.tsx';
import { renderDocument } from '../document.tsx';
import { dayAndClock, momentWords } from '../format.ts';
import { type Translate, translator } from '../i18n.ts';
import type { AccountView } from '../views/join.ts';

interface PartProps {
  view: AccountView;
  t: Translate;
}

/** Second step: the text once more, what may be done with an account and what may not, and a button for each platform. */
export function accountPage(view: AccountView): string {
  const t = translator(view.locale);
  return renderDocument(
    <SupporterPage
      frame={view}
      title={t('account.page_title')}
      scripts={['exit.js', 'once.js']}
      stylesheet="join.css"
      mainClass="step account"
      state="account"
    >
      <QuickExit href={view.exitHref} t={t} />
      <JoinSteps at="account" t={t} />
      <h1 class="poster">{t('account.title')}</h1>
      {view.again ? <p class="lede">{t('account.again')}</p> : null}
      <form class="account-form" method="post" action={view.action} data-once>
        <SilentButton {...{ view, t }} />
        <div class="account-text">
          {view.notice ? (
            <p class="warning" role="alert">
              {t(`join.${view.notice}`)}
            </p>
          ) : null}
          <h2 class="rubric">{t('join.heading')}</h2>
          <figure class="sheet">
            <ContentWarning
              on={view.options}
              locale={view.locale}
              textLocale={view.textLocale}
              t={t}
              hint
            />
            <ExactText text={view.text} locale={view.textLocale} />
            <LinksMade text={view.text} on={view.options} locale={view.locale} t={t} />
            <Lengths on={view.options} locale={view.locale} t={t} />
          </figure>
          <p class="account-exact">
            {t('join.exact')}{' '}
            {view.wordsHref === null ? null : <a href={view.wordsHref}>{t('account.change')}</a>}
          </p>
        </div>
        <AccountFacts {...{ view, t }} />
        <div class="account-go">
          <Hidden view={view} />
          <Ways {...{ view, t }} />
        </div>
      </form>
      <p class="step-back">
        {view.again ? (
          <a href={view.again.receiptHref}>{t('notice.to_receipt')}</a>
        ) : (
          <a href={view.assistedHref}>{t('account.none')}</a>
        )}
      </p>
    </SupporterPage>,
  );
}

function Ways({ view, t }: PartProps) {
  const open = view.options.filter(({ fits }) => fits);
  if (view.options.length === 0) {
    const platform = view.again?.platformLabel;
    return <p>{platform ? t('account.again_closed', { platform }) : t('join.none_text')}</p>;
  }
  return (
    <>
      {open.length > 0 ? <p class="account-next">{t('account.next')}</p> : null}
      <JoinWays {...{ view, t }} />
      <p class="account-closes">{t('join.closes', { when: closing(view) })}</p>
    </>
  );
}

/** What the route needs to know: the language, and the fingerprint of the text as it was shown. */
function Hidden({ view }: { view: AccountView }) {
  const [only, ...others] = view.options.filter(({ fits }) => fits);
  return (
    <>
      <input type="hidden" name="lang" value={view.lang} />
      <input type="hidden" name="shown" value={view.textHash} />
      {only && others.length === 0 ? (
        <input type="hidden" name="platform" value={only.platform} />
      ) : null}
    </>
  );
}

function closing(view: AccountView): string {
  const { zone } = momentWords(view.locale, view.moment);
  return `${dayAndClock(view.locale, view.closesAt, view.moment.zone)} (${zone})`;
}
