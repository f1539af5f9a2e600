/** View data in, HTML out. See views.ts for the data and docs/design.md for the look. */
export { assetsDir } from './assets.ts';
export { CARD_SIZE, cardAlt } from './brief.ts';
export { type CalendarView, calendarFile } from './calendar.ts';
export { type CountAnswer, countAnswer } from './count.ts';
export { ownLanguageName } from './format.ts';
export { LOCALES } from './i18n.ts';
export type { Letter } from './letters/letter.tsx';
export { confirmationLetter, reminderLetter } from './letters/reminder.tsx';
export { accountPage } from './pages/account.tsx';
export { assistedPage } from './pages/assisted.tsx';
export { beforePage } from './pages/before.tsx';
export { campaignPage } from './pages/campaign.tsx';
export { changePage } from './pages/change.tsx';
export { choosePage } from './pages/choose.tsx';
export { deliveryFigures, deliveryPage, tickClock } from './pages/delivery.tsx';
export { homePage } from './pages/home.tsx';
export { noticePage } from './pages/notice.tsx';
export { operatorHomePage } from './pages/operator-home.tsx';
export { operatorPlatformsPage } from './pages/operator-platforms.tsx';
export { outboxPage } from './pages/outbox.tsx';
export { receiptPage } from './pages/receipt.tsx';
export { reminderPage } from './pages/reminder.tsx';
export { sharePage } from './pages/share.tsx';
export { signPage } from './pages/sign.tsx';
export { signInPage } from './pages/sign-in.tsx';
export { waitPage } from './pages/wait.tsx';
export { widgetPage } from './pages/widget.tsx';
export { wordsPage } from './pages/words.tsx';
export {
  interfaceAlone,
  type PageLanguages,
  pickLanguages,
  pickLocale,
} from './pick-locale.ts';
export { qrSvg } from './qr.ts';
export { storyHtml } from './story.ts';
