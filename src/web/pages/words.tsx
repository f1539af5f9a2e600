import { ContentWarning } from '../components/content-warning.tsx';
import { ExactText } from '../components/exact-text.tsx';
import { QuickExit } from '../components/quick-exit.tsx';
import { JoinSteps } from '../components/steps.tsx';
import { FieldProblemLine, SupporterFieldInput } from '../components/supporter-field.tsx';
import { SupporterPage } from '../components/supporter-page.tsx';
import { Lengths } from '../components/text-sheets.tsx';
import { ownWords } from '../count.ts';
import { renderDocument } from '../document.tsx';
import { ownLanguageName } from '../format.ts';
import { direction, type Translate, translator } from '../i18n.ts';
import type { WordsView } from '../views/join.ts';

interface PartProps {
  view: WordsView;
  t: Translate;
}

/** First step: the exact text, a choice of the campaign's wordings, or words of one's own. */
export function wordsPage(view: WordsView): string {
  const t = translator(view.locale);
  const { notice } = view;
  return renderDocument(
    <SupporterPage
      frame={view}
      title={t('words.page_title')}
      scripts={['exit.js', ...(isTypedIn(view) ? (['words.js'] as const) : [])]}
      stylesheet="join.css"
      mainClass="step words"
      state="words"
    >
      <QuickExit href={view.exitHref} t={t} />
      <JoinSteps at="words" t={t} />
      <h1 class="poster">{t('words.title')}</h1>
      <p class="lede">{t('words.text')}</p>
      {notice ? (
        <p class="warning" role="alert">
          {t(`problem.${notice.kind}`, notice.values)}
        </p>
      ) : null}
      <TextLocales {...{ view, t }} />
      <form class="words-form" method="post" action={view.action}>
        <input type="hidden" name="lang" value={view.lang} />
        <input type="hidden" name="text_locale" value={view.textLocale} />
        <Fields {...{ view, t }} />
        <Wordings {...{ view, t }} />
        <p class="words-go">
          <button class="button button-join" type="submit">
            {t('words.go')}
          </button>
        </p>
        <p class="step-hint">{t('words.next')}</p>
      </form>
      <p class="step-back">
        <a href={view.backHref}>{t('words.back')}</a>
      </p>
    </SupporterPage>,
  );
}

function isTypedIn({ own, fields }: WordsView): boolean {
  return own.allowed || fields.length > 0;
}

function TextLocales({ view, t }: PartProps) {
  if (view.textLocales.length < 2) return null;
  return (
    <nav class="text-locales" aria-labelledby="text-locales">
      <p id="text-locales">{t('words.languages')}</p>
      <ul>
        {view.textLocales.map(({ tag, href, current }) => (
          <li>
            <a
              href={href}
              dir={direction(tag)}
              hreflang={tag}
              lang={tag}
              aria-current={current ? 'true' : undefined}
            >
              {ownLanguageName(tag)}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Fields({ view, t }: PartProps) {
  if (view.fields.length === 0) return null;
  return (
    <div class="fields">
      <p id="fields-hint">{t('join.fields')}</p>
      {view.fields.map((field) => (
        <SupporterFieldInput {...{ field, t }} hint="fields-hint" />
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
  if (!several) return <OnlyWording {...{ view, t }} />;
  return (
    <fieldset class="wordings">
      <legend class="rubric">{t('words.choose')}</legend>
      {view.wordings.map((wording, index) => (
        <Wording {...{ view, wording, index, t }} />
      ))}
      {view.own.allowed ? <Own {...{ view, t }} /> : null}
    </fieldset>
  );
}

type OneWording = WordsView['wordings'][number];

/** The label is stretched over the whole sheet, and a choice is called by its text. */
function Wording({ view, wording, index, t }: PartProps & { wording: OneWording; index: number }) {
  const { variant, text, on } = wording;
  const id = `wording-${variant}`;
  return (
    <div class="wording">
      <input
        id={id}
        type="radio"
        name="wording"
        value={String(variant)}
        checked={view.chosen === variant}
        aria-labelledby={`${id}-text ${id}-label`}
      />
      <label id={`${id}-label`} for={id}>
        {t('words.wording', { n: index + 1 })}
      </label>
      <figure class="sheet">
        <Warning {...{ view, on, t }} />
        <div id={`${id}-text`}>
          <ExactText text={text} locale={view.textLocale} />
        </div>
        <Lengths on={on} locale={view.locale} t={t} />
      </figure>
    </div>
  );
}

/** Above each text, and above the field for one's own: it goes with whatever is chosen. */
function Warning({ view, ...rest }: PartProps & { on: OneWording['on']; hint?: boolean }) {
  return <ContentWarning locale={view.locale} textLocale={view.textLocale} {...rest} />;
}

function OnlyWording({ view, t }: PartProps) {
  return (
    <>
      {view.wordings.map(({ variant, text, on }) => (
        <figure class="sheet">
          <input type="hidden" name="wording" value={String(variant)} />
          <Warning {...{ view, on, t }} hint />
          <ExactText text={text} locale={view.textLocale} />
          <Lengths on={on} locale={view.locale} t={t} />
        </figure>
      ))}
    </>
  );
}

function Own({ view, t }: PartProps) {
  const { own } = view;
  const said = own.problem ? '' : ownWords(own, view.locale, t);
  return (
    <div class="wording wording-own">
      <input
        id="wording-own"
        type="radio"
        name="wording"
        value="own"
        checked={view.chosen === null}
        aria-describedby="own-hint"
      />
      <label for="wording-own">{t('words.own')}</label>
      <div class="own">
        <p id="own-hint">{t('words.own_hint')}</p>
        <Warning {...{ view, on: own.on, t }} hint />
        <textarea
          id="own"
          name="own"
          rows={7}
          lang={view.textLocale}
          dir={direction(view.textLocale)}
          aria-label={t('words.own_label')}
          aria-describedby={own.problem ? 'problem-own own-hint' : 'own-hint'}
          aria-invalid={own.problem ? 'true' : undefined}
          autofocus={own.problem !== null}
          data-count={view.countAction}
          data-offline={t('words.offline')}
        >
          {`\n${own.value}`}
        </textarea>
        <FieldProblemLine id="problem-own" problem={own.problem} t={t} />
        <figure class="own-lengths">
          <Lengths on={own.on} locale={view.locale} t={t} />
        </figure>
        <p class="own-said" role="status" data-own-said>
          {said}
        </p>
      </div>
    </div>
  );
}
