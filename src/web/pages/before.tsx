import { QuickExit } from '../components/quick-exit.tsx';
import { SupporterPage } from '../components/supporter-page.tsx';
import { renderDocument } from '../document.tsx';
import { type Translate, translator } from '../i18n.ts';
import type { BeforeView } from '../views/join.ts';

/** Before anything else: who will see it, when not to join, and what else one can do. It cannot be skipped. */
export function beforePage(view: BeforeView): string {
  const t = translator(view.locale);
  return renderDocument(
    <SupporterPage
      frame={view}
      title={t('before.page_title')}
      scripts={['exit.js']}
      stylesheet="join.css"
      mainClass="step before"
      state="before"
    >
      <QuickExit href={view.exitHref} t={t} />
      <h1 class="poster">{t('join.safety')}</h1>
      <div class="before-parts">
        <div class="before-facts">
          <p class="lede">{t('before.public')}</p>
          <p class="lede">{t('before.seen')}</p>
          <p class="lede">
            <strong>{t('join.safety_dont')}</strong>
          </p>
          <p class="before-go">
            <a class="button button-join" href={view.wordsHref}>
              {t('before.go')}
            </a>
          </p>
          <p class="step-hint">{t('before.nothing_yet')}</p>
          <div class="before-assisted">
            <p>
              <a href={view.assistedHref}>{t('before.assisted')}</a>
            </p>
            <p class="step-hint">{t('before.assisted_text')}</p>
          </div>
        </div>
        <Unsafe t={t} />
      </div>
    </SupporterPage>,
  );
}

/** For people for whom taking part is not safe: only what is not public. Posting by hand is as public, so it is not here. */
function Unsafe({ t }: { t: Translate }) {
  return (
    <section class="before-instead" aria-labelledby="instead">
      <h2 id="instead" class="rubric">
        {t('before.instead')}
      </h2>
      <ul>
        <li>
          <h3>{t('before.share')}</h3>
          <p>{t('before.share_text')}</p>
        </li>
        <li>
          <p>{t('before.nothing')}</p>
        </li>
      </ul>
    </section>
  );
}
