import { CampaignTitle } from '../components/campaign-title.tsx';
import { SupporterPage } from '../components/supporter-page.tsx';
import { renderDocument } from '../document.tsx';
import { type Translate, translator } from '../i18n.ts';
import type { NoticeKind, NoticeView } from '../views.ts';

/** What can only be begun anew, with the same words. */
const BEGINS_AGAIN: ReadonlySet<NoticeKind> = new Set(['other_server', 'old_address']);

/** A page that only says something: what happened, that nothing was half done, and what to do next. */
export function noticePage(view: NoticeView): string {
  const t = translator(view.locale);
  const href = view.back?.href ?? `/?lang=${view.lang}`;
  return renderDocument(
    <SupporterPage frame={view} title="Tocsin" mainClass="notice" state={view.kind}>
      <h1 class="poster">{t(`notice.${view.kind}.title`)}</h1>
      {view.unfit ? (
        <p class="lede">
          {t(`receipt.reasons.${view.unfit.reason}`, { platform: view.unfit.platformLabel })}
        </p>
      ) : null}
      <p class="lede">{t(`notice.${view.kind}.text`)}</p>
      <p class="notice-next">{t(`notice.${view.kind}.next`)}</p>
      {view.missingHref ? (
        <p>
          <a href={view.missingHref}>{t('choose.missing.wider')}</a>
        </p>
      ) : null}
      <p>
        <a class="button" href={href}>
          {onward(view, t)}
        </a>
        {view.back ? (
          <CampaignTitle
            class="notice-campaign"
            title={view.back.title}
            locale={view.back.textLocale}
          />
        ) : null}
      </p>
      {view.back?.assistedHref ? (
        <p class="step-back">
          <a href={view.back.assistedHref}>{t('assisted.link_button')}</a>
        </p>
      ) : null}
    </SupporterPage>,
  );
}

/** What the one button says. */
function onward({ kind, back }: NoticeView, t: Translate): string {
  if (!back) return t('notice.home');
  return BEGINS_AGAIN.has(kind) ? t('notice.again') : t('notice.back');
}
