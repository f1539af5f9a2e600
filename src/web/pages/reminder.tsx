import { SupporterPage } from '../components/supporter-page.tsx';
import { Timetable } from '../components/timetable.tsx';
import { renderDocument } from '../document.tsx';
import { translator } from '../i18n.ts';
import type { ReminderView } from '../views/assisted.ts';

/** Behind the links in a reminder's mails. Names no campaign, and does nothing before a button is pressed. */
export function reminderPage(view: ReminderView): string {
  const t = translator(view.locale);
  return renderDocument(
    <SupporterPage
      frame={view}
      title={t('reminder.page_title')}
      mainClass="notice"
      state={view.kind}
      countdown
    >
      <h1 class="poster">{t(`reminder.${view.kind}`)}</h1>
      <p class="lede">{t(`reminder.${view.kind}_text`)}</p>
      {view.confirmAction ? (
        <form method="post" action={view.confirmAction}>
          <button class="button" type="submit">
            {t('reminder.confirm_button')}
          </button>
        </form>
      ) : null}
      {view.moment ? <Timetable locale={view.locale} moment={view.moment} /> : null}
      {view.eraseAction ? (
        <form method="post" action={view.eraseAction}>
          <button class="button button-quiet" type="submit">
            {t('reminder.erase_button')}
          </button>
        </form>
      ) : null}
    </SupporterPage>,
  );
}
