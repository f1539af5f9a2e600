import { accountName } from '../account-name.ts';
import { ContentWarning } from '../components/content-warning.tsx';
import { ExactText } from '../components/exact-text.tsx';
import { LinksMade } from '../components/links-made.tsx';
import { QuickExit } from '../components/quick-exit.tsx';
import { SupporterPage } from '../components/supporter-page.tsx';
import { Lengths, unfitWords } from '../components/text-sheets.tsx';
import { renderDocument } from '../document.tsx';
import { dayAndClock, momentWords } from '../format.ts';
import { type Translate, translator } from '../i18n.ts';
import type { ChangeView } from '../views/receipt.ts';

interface PartProps {
  view: ChangeView;
  t: Translate;
}

/** A new text, exactly as it would be posted, and one button that agrees to it. Nothing has been changed yet. */
export function changePage(view: ChangeView): string {
  const t = translator(view.locale);
  return renderDocument(
    <SupporterPage
      frame={view}
      title={t('words.page_title')}
      scripts={['exit.js']}
      stylesheet="join.css"
      mainClass="change"
      state="change"
    >
      <QuickExit href={view.exitHref} t={t} />
      <h1 class="poster">{t('change.title')}</h1>
      <figure class="sheet">
        <ContentWarning
          on={[view.on]}
          locale={view.locale}
          textLocale={view.textLocale}
          t={t}
          hint
        />
        <ExactText text={view.text} locale={view.textLocale} />
        <LinksMade text={view.text} on={[view.on]} locale={view.locale} t={t} />
        <Lengths on={[view.on]} locale={view.locale} t={t} />
      </figure>
      {view.fits ? <Agree {...{ view, t }} /> : <TooLong {...{ view, t }} />}
      <p>
        <a href={view.receiptHref}>{t('change.keep')}</a>
      </p>
    </SupporterPage>,
  );
}

function Agree({ view, t }: PartProps) {
  const { zone } = momentWords(view.locale, view.moment);
  const day = dayAndClock(view.locale, view.moment.instant, view.moment.zone);
  const agreed = {
    handle: accountName(t, view),
    platform: view.on.label,
    when: `${day} (${zone})`,
  };
  return (
    <form method="post" action={view.action}>
      {Object.entries(view.fields).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      <p id="agreed">{t('change.text', agreed)}</p>
      <p>
        <a href={view.wordsHref}>{t('change.other')}</a>
      </p>
      <p>
        <button class="button button-join" type="submit" aria-describedby="agreed">
          {t('change.agree')}
        </button>
      </p>
    </form>
  );
}

function TooLong({ view, t }: PartProps) {
  return (
    <>
      <p class="warning" role="alert">
        {unfitWords(view.on, view.locale, t)}
      </p>
      <p>
        <a class="button" href={view.wordsHref}>
          {t('change.other')}
        </a>
      </p>
    </>
  );
}
