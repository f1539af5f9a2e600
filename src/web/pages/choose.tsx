import { CampaignTitle } from '../components/campaign-title.tsx';
import { SupporterPage } from '../components/supporter-page.tsx';
import { renderDocument } from '../document.tsx';
import { translator } from '../i18n.ts';
import type { ChooseView } from '../views/join.ts';

/** One button for each of the pages that a supporter looks after: which of them takes part? */
export function choosePage(view: ChooseView): string {
  const t = translator(view.locale);
  const platform = view.platformLabel;
  return renderDocument(
    <SupporterPage frame={view} title={t('choose.title')} mainClass="notice choose">
      <h1 class="poster">{t('choose.title')}</h1>
      <p class="lede">{t('choose.text', { platform })}</p>
      <form method="post" action={view.action}>
        {view.names.map((name, index) => (
          <p>
            <button class="button" type="submit" name="choice" value={String(index)}>
              <bdi>{name}</bdi>
            </button>
          </p>
        ))}
      </form>
      <details>
        <summary>{t('choose.missing.title')}</summary>
        <p>{t('choose.missing.text')}</p>
        {view.back ? (
          <p>
            <a href={view.back.href}>{t('notice.again')}</a>
          </p>
        ) : null}
        {view.missingHref ? (
          <p>
            <a href={view.missingHref}>{t('choose.missing.wider')}</a>
          </p>
        ) : null}
      </details>
      {view.back ? (
        <p>
          <a href={view.back.href}>{t('notice.back')}</a>{' '}
          <CampaignTitle
            class="notice-campaign"
            title={view.back.title}
            locale={view.back.textLocale}
          />
        </p>
      ) : null}
    </SupporterPage>,
  );
}
