import { CampaignTitle } from '../components/campaign-title.tsx';
import { SupporterPage } from '../components/supporter-page.tsx';
import { renderDocument } from '../document.tsx';
import { translator } from '../i18n.ts';
import type { SignView } from '../views/join.ts';

/**
 * A supporter signs the post in their own browser, with a key that never comes here. With a signer in the browser it is one
 * button (sign.js shows it); without one, or without scripts, the signed event is pasted. The form is the same.
 */
export function signPage(view: SignView): string {
  const t = translator(view.locale);
  const platform = view.platformLabel;
  return renderDocument(
    <SupporterPage
      frame={view}
      title={t('sign.title', { platform })}
      stylesheet="join.css"
      mainClass="notice sign"
      scripts={['sign.js']}
    >
      <h1 class="poster">{t('sign.title', { platform })}</h1>
      <p class="lede">{t('sign.text', { platform })}</p>
      <p class="notice-next">{t('sign.key')}</p>
      {view.problem ? (
        <p class="warning" role="alert" id="sign-problem">
          {t(`sign.problems.${view.problem}`)}
        </p>
      ) : null}
      <form method="post" action={view.action} data-sign>
        <input type="hidden" name="state" value={view.state} />
        <p data-sign-button hidden>
          <button class="button" type="button">
            {t('sign.button')}
          </button>
        </p>
        <p class="warning" role="alert" data-sign-failed hidden>
          {t('sign.failed')}
        </p>
        <p class="warning" role="alert" data-sign-key hidden>
          {t('sign.key_unsent')}
        </p>
        <details open data-sign-by-hand aria-labelledby="by-hand">
          <summary id="by-hand">{t('sign.by_hand')}</summary>
          <p>{t('sign.copy')}</p>
          <p>
            <label for="unsigned">{t('sign.unsigned')}</label>
            <textarea id="unsigned" readonly rows={8} spellcheck={false} dir="ltr">
              {view.unsigned}
            </textarea>
          </p>
          <p>
            <label for="code">{t('sign.signed')}</label>
            <textarea
              id="code"
              name="code"
              required
              rows={8}
              spellcheck={false}
              autocomplete="off"
              dir="ltr"
              aria-invalid={view.problem ? 'true' : undefined}
              aria-describedby={view.problem ? 'sign-problem' : undefined}
            >
              {view.pasted}
            </textarea>
          </p>
          <p>
            <button class="button" type="submit">
              {t('sign.send')}
            </button>
          </p>
        </details>
      </form>
      <p>
        <a href={view.back.href}>{t('notice.back')}</a>{' '}
        <CampaignTitle
          class="notice-campaign"
          title={view.back.title}
          locale={view.back.textLocale}
        />
      </p>
    </SupporterPage>,
  );
}
