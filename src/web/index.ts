/** View data in, HTML out. See views.ts for the data and docs/design.md for the look. */
export { assetsDir } from './assets.ts';
export { type CalendarView, calendarFile } from './calendar.ts';
export { LOCALES } from './i18n.ts';
export type { Letter } from './letters/letter.tsx';
export { confirmationLetter, reminderLetter } from './letters/reminder.tsx';
export { assistedPage } from './pages/assisted.tsx';
export { campaignPage } from './pages/campaign.tsx';
export { deliveryFigures, deliveryPage } from './pages/delivery.tsx';
export { homePage } from './pages/home.tsx';
export { noticePage } from './pages/notice.tsx';
export { operatorHomePage } from './pages/operator-home.tsx';
export { outboxPage } from './pages/outbox.tsx';
export { receiptPage } from './pages/receipt.tsx';
export { signPage } from './pages/sign.tsx';
export { reminderPage } from './pages/reminder.tsx';
export { signInPage } from './pages/sign-in.tsx';
export { pickLocale } from './pick-locale.ts';
export { storyHtml } from './story.ts';
