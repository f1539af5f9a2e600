import { ExactText } from '../components/exact-text.tsx';
import { QuickExit } from '../components/quick-exit.tsx';
import { Steps } from '../components/steps.tsx';
import { Problem, SupporterField } from '../components/supporter-field.tsx';
import { SupporterPage } from '../components/supporter-page.tsx';
import { Lengths } from '../components/text-sheets.tsx';
import { renderDocument } from '../document.tsx';
import { direction, type Translate, translator } from '../i18n.ts';
import type { WordsView } from '../join-views.ts';

interface PartProps {
  view: WordsView;
  t: Translate;
}

/** First step: the exact text, a choice of the campaign's wordings, or words of one's own. */
export function wordsPage(view: WordsView): string {
  const t = translator(view.locale);
  return renderDocument(
    <SupporterPage
      frame={view}
      title={t('words.page_title')}
      scripts={['exit.js', ...(view.own.allowed ? (['words.js'] as const) : [])]}
      mainClass="words"
      state="words"
    >
      <QuickExit href={view.exitHref} t={t} />
      <Steps at="words" t={t} />
      <h1 class="poster">{t('words.title')}</h1>
      <p class="lede">{t('words.text')}</p>
      <TextLocales {...{ view, t }} />
      <form class="words-form" method="post" action={view.action}>
        <input type="hidden" name="text_locale" value={view.textLocale} />
        <Fields {...{ view, t }} />
        <Wordings {...{ view, t }} />
        <p>
          <button class="button button-join" type="submit">
            {t('words.go')}
          </button>
        </p>
      </form>
      <p>
        <a href={view.backHref}>{t('words.back')}</a>
      </p>
    </SupporterPage>,
  );
}

function TextLocales({ view, t }: PartProps) {
  if (view.textLocales.length < 2) return null;
  return (
    <nav class="text-locales" aria-label={t('words.languages')}>
      <p>{t('words.languages')}</p>
      <ul>
        {view.textLocales.map(({ tag, href, current }) => (
          <li>
            <a href={href} hreflang={tag} lang={tag} aria-current={current ? 'true' : undefined}>
              {nativeName(tag)}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function nativeName(tag: string): string {
  return new Intl.DisplayNames([tag], { type: 'language' }).of(tag) ?? tag;
}

function Fields({ view, t }: PartProps) {
  if (view.fields.length === 0) return null;
  return (
    <div class="fields">
      <p id="fields-hint">{t('join.fields')}</p>
      {view.fields.map((field) => (
        <SupporterField {...{ field, t }} hint="fields-hint" />
      ))}
      <button class="button button-quiet" type="submit" name="show" value="text">
        {t('join.preview')}
      </button>
    </div>
  );
}

/** A single text needs no choice. */
function Wordings({ view, t }: PartProps) {
  const several = view.wordings.length > 1 || view.own.allowed;
  if (!several) return <Sheets {...{ view, t }} />;
  return (
    <fieldset class="wordings">
      <legend class="rubric">{t('words.choose')}</legend>
      {view.wordings.map(({ variant, text, on }) => (
        <label class="wording">
          <input
            type="radio"
            name="wording"
            value={String(variant)}
            checked={view.chosen === variant}
          />
          <figure class="sheet">
            <ExactText text={text} locale={view.textLocale} />
            <Lengths on={on} locale={view.locale} t={t} />
          </figure>
        </label>
      ))}
      {view.own.allowed ? <Own {...{ view, t }} /> : null}
    </fieldset>
  );
}

function Sheets({ view, t }: PartProps) {
  return (
    <>
      {view.wordings.map(({ variant, text, on }) => (
        <figure class="sheet">
          <input type="hidden" name="wording" value={String(variant)} />
          <ExactText text={text} locale={view.textLocale} />
          <Lengths on={on} locale={view.locale} t={t} />
        </figure>
      ))}
    </>
  );
}

function Own({ view, t }: PartProps) {
  const { own } = view;
  return (
    <div class="wording wording-own">
      <label>
        <input type="radio" name="wording" value="own" checked={view.chosen === null} />
        <span>{t('words.own')}</span>
      </label>
      <p id="own-hint">{t('words.own_hint')}</p>
      <label class="unseen" for="own">
        {t('words.own_label')}
      </label>
      <textarea
        id="own"
        name="own"
        rows={6}
        lang={view.textLocale}
        dir={direction(view.textLocale)}
        aria-describedby={own.problem ? 'problem-own own-hint' : 'own-hint'}
        aria-invalid={own.problem ? 'true' : undefined}
        data-count={view.countAction}
      >
        {own.value}
      </textarea>
      <Problem id="problem-own" problem={own.problem} t={t} />
      <figure class="own-lengths" aria-live="off">
        <Lengths on={own.on} locale={view.locale} t={t} />
      </figure>
    </div>
  );
}
