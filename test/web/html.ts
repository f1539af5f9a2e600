import {
  accountPage,
  assistedPage,
  beforePage,
  campaignPage,
  changePage,
  deliveryPage,
  homePage,
  LOCALES,
  noticePage,
  operatorHomePage,
  operatorPlatformsPage,
  receiptPage,
  sharePage,
  signInPage,
  widgetPage,
  wordsPage,
} from '../../src/web/index.ts';
import { RECEIPT_NOTICES } from '../../src/web/views/receipt.ts';
import {
  assistedView,
  campaignView,
  fullCampaign,
  homeView,
  settledCampaign,
} from './campaign-samples.ts';
import {
  accountView,
  againAccountView,
  beforeView,
  warnedAccountView,
  wordsView,
} from './join-samples.ts';
import {
  deliveryView,
  HOLDS,
  operatorHomeView,
  operatorPlatformsView,
  signInView,
} from './operator-samples.ts';
import {
  changeView,
  NOTICE_KINDS,
  noticeView,
  RECEIPT_STATES,
  receiptView,
  severalReceiptView,
  warnedAgreedView,
} from './receipt-samples.ts';
import { sharePageView, widgetView } from './share-samples.ts';

/** What a browser makes of escaped text. */
export function unescapeHtml(html: string): string {
  return html
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}

const NO_CAMPAIGNS = { campaigns: [], moreHref: null };

/** Every page for supporters in one language, in every state there is, under a name. */
export function supporterPages(locale: string): Record<string, string> {
  const pages: Record<string, string> = {
    home: homePage(homeView(locale)),
    'home, empty': homePage({ ...homeView(locale), coming: NO_CAMPAIGNS, past: NO_CAMPAIGNS }),
    'home, further on': homePage({ ...homeView(locale), coming: null }),
    before: beforePage(beforeView(locale)),
    words: wordsPage(wordsView(locale)),
    account: accountPage(accountView(locale)),
    'account, with a content warning': accountPage(warnedAccountView(locale)),
    'account, wrong server': accountPage(accountView(locale, 'not_one')),
    'account, again': accountPage(againAccountView(locale)),
    'account, again, closed': accountPage(againAccountView(locale, { options: [] })),
    'campaign, settled': campaignPage(settledCampaign(locale)),
    share: sharePage(sharePageView(locale)),
    widget: widgetPage(widgetView(locale)),
    'widget, settled': widgetPage(widgetView(locale, { state: 'settled', posted: 12_340 })),
    'widget, cancelled': widgetPage(widgetView(locale, { state: 'cancelled' })),
    'campaign with everything': campaignPage(fullCampaign(locale)),
    'by oneself, before': assistedPage(assistedView(locale)),
    'by oneself, now': assistedPage(assistedView(locale, 'now')),
    'by oneself, off': assistedPage(assistedView(locale, 'off')),
  };
  for (const state of ['draft', 'in_review', 'open', 'locked', 'firing', 'settled'] as const) {
    pages[`campaign ${state}`] = campaignPage(campaignView(locale, { state, joined: null }));
  }
  for (const state of ['rejected', 'cancelled', 'aborted', 'missed_goal'] as const) {
    pages[`campaign ${state}`] = campaignPage(campaignView(locale, { state }));
  }
  for (const state of RECEIPT_STATES) {
    pages[`receipt ${state}`] = receiptPage(receiptView(state, locale));
  }
  for (const said of RECEIPT_NOTICES) {
    pages[`receipt, ${said}`] = receiptPage({ ...receiptView('pledged', locale), notice: said });
  }
  pages['receipt with a content warning'] = receiptPage(
    receiptView('pledged', locale, { agreed: warnedAgreedView(locale) }),
  );
  pages['receipt of several'] = receiptPage(severalReceiptView(locale));
  pages['receipt, never known'] = receiptPage(
    receiptView('unconfirmed', locale, { settled: true, byHandHref: '/at/code' }),
  );
  pages['change of text'] = changePage(changeView(locale));
  pages['change of text, too long'] = changePage(changeView(locale, { fits: false }));
  for (const kind of NOTICE_KINDS) {
    pages[`notice ${kind}`] = noticePage(noticeView(kind, locale));
  }
  return pages;
}

/** Every page there is, in every language it is made in. */
export function allPages(): Record<string, string> {
  const pages: Record<string, string> = {
    'sign in': signInPage(signInView('confirm')),
    'sign in needed': signInPage(signInView('needed')),
    'sign in used': signInPage(signInView('used')),
    operators: operatorHomePage(operatorHomeView()),
    'operators, platforms': operatorPlatformsPage(operatorPlatformsView()),
    delivery: deliveryPage(deliveryView()),
    'delivery, held': deliveryPage(deliveryView({ holds: HOLDS })),
    'delivery, quiet': deliveryPage(
      deliveryView({ lateness: null, curve: [], reasons: [], workers: [] }),
    ),
  };
  for (const locale of LOCALES) {
    for (const [name, html] of Object.entries(supporterPages(locale))) {
      pages[`${name} (${locale})`] = html;
    }
  }
  return pages;
}
