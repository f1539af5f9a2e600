import { assetUrl } from '../assets.ts';
import { SupporterPage } from '../components/supporter-page.tsx';
import { renderDocument } from '../document.tsx';
import { formatDuration } from '../format.ts';
import { translator } from '../i18n.ts';
import type { WaitView } from '../views/notice.ts';

/**
 * Shown where much of a network is unfinished: the browser proves that it has worked (work.js) and sends again what was sent; one
 * without scripts waits for its turn. Nothing that was typed is lost.
 */
export function waitPage(view: WaitView): string {
  const t = translator(view.locale);
  const time = formatDuration(view.locale, view.seconds * 1000);
  const { again } = view;
  if (again === null) {
    return renderDocument(
      <SupporterPage frame={view} title={t('wait.later_title')} mainClass="notice" state="later">
        <h1 class="poster">{t('wait.later_title')}</h1>
        <p class="lede">{t('wait.later')}</p>
        <p class="notice-next">{t('wait.later_next', { time })}</p>
      </SupporterPage>,
    );
  }
  const byHand = again.method === 'post';
  return renderDocument(
    <SupporterPage
      frame={view}
      title={t('wait.page_title')}
      mainClass="notice"
      state="wait"
      scripts={['work.js']}
      refresh={byHand ? undefined : { seconds: view.seconds, href: again.laterHref }}
    >
      <h1 class="poster">{t('wait.title')}</h1>
      <p class="lede">{t('wait.text')}</p>
      <form
        method={again.method}
        action={again.action}
        data-work={again.challenge}
        data-work-script={assetUrl('work.js')}
      >
        {again.fields.map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        <input type="hidden" name="altcha" value="" />
        <input type="hidden" name="turn" value={again.turn} />
        <p class="notice-next" role="status" data-work-said hidden>
          {t('wait.working')}
        </p>
        <div data-work-by-hand>
          <p class="notice-next">
            {byHand ? t('wait.by_hand', { time }) : t('wait.by_itself', { time })}
          </p>
          <p>
            <button class="button" type="submit">
              {t('wait.go')}
            </button>
          </p>
        </div>
      </form>
    </SupporterPage>,
  );
}
