import { DELIVERY_STATES } from '../../src/domain/delivery.ts';
import type { NoticeKind, NoticeView } from '../../src/web/views/notice.ts';
import type {
  AgreedView,
  ChangeView,
  ReceiptEntry,
  ReceiptState,
  ReceiptView,
} from '../../src/web/views/receipt.ts';
import { FOLLOW, frame, MOMENT, SHARE, say, TEXTS, TITLES, WARNINGS } from './sample-words.ts';

/** View data for receipts, and for what there is to say instead of a page. */

export function receiptView(
  state: ReceiptState = 'pledged',
  locale = 'en',
  change: Partial<ReceiptEntry> = {},
): ReceiptView {
  const joinable = state === 'pledged';
  return {
    ...frame(locale, '/r/secret'),
    campaignTitle: say(TITLES, locale),
    titleLocale: locale in TITLES ? locale : 'en',
    campaignHref: `/c/chechnya-100?lang=${locale}`,
    organiser: 'Coalition for Human Rights',
    moment: MOMENT,
    until: '2027-07-17T08:00:00Z',
    entries: [receiptEntry(state, locale, change)],
    notice: joinable ? 'first' : null,
    address: 'https://tocsin.example.org/r/secret',
    addAction: joinable ? '/r/secret/add' : null,
    calendarHref: joinable ? '/at/code/moment.ics' : null,
    reminderAction: joinable ? '/r/secret/reminder' : null,
    share: { ...SHARE, href: `/c/chechnya-100/share?lang=${locale}` },
    dataHref: '/r/secret/data.json',
    eraseAction: '/r/secret/erase',
    follow: { ...FOLLOW, version: null },
  };
}

/** Two posts on one receipt: one that waits, and one whose permission has died. */
export function severalReceiptView(locale = 'en'): ReceiptView {
  const view = receiptView('pledged', locale);
  const other: Partial<ReceiptEntry> = {
    id: '6f1c1c52-0000-4000-8000-000000000002',
    platformLabel: 'Bluesky',
    agreed: { ...agreedView(locale), handle: 'zoe.bsky.example' },
    reason: 'reauthorize',
    reconnectAction: '/r/secret/reconnect',
    editHref: null,
    signed: true,
  };
  return {
    ...view,
    notice: null,
    entries: [...view.entries, receiptEntry('pledged', locale, other)],
  };
}

export function agreedView(locale = 'en'): AgreedView {
  return {
    handle: '@zoe_in_tbilisi',
    unconfirmed: false,
    text: say(TEXTS, locale),
    textLocale: locale in TEXTS ? locale : 'en',
    consentedAt: '2027-06-21T17:42:09Z',
    scope: 'tweet.read tweet.write users.read offline.access',
    textHash: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    policyVersion: '2027-05-01',
  };
}

/** The same with a content warning. */
export function warnedAgreedView(locale = 'en'): AgreedView {
  return { ...agreedView(locale), contentWarning: say(WARNINGS, locale) };
}

export function receiptEntry(
  state: ReceiptState = 'pledged',
  locale = 'en',
  change: Partial<ReceiptEntry> = {},
): ReceiptEntry {
  const early = state === 'pledged' || state === 'pending';
  return {
    id: '6f1c1c52-0000-4000-8000-000000000001',
    state,
    reason: state === 'refused' ? 'account_locked' : null,
    settled: !early && state !== 'unconfirmed',
    platformLabel: 'X',
    returns: 'revoked',
    // Nothing is left of what was withdrawn.
    agreed: state === 'withdrawn' ? null : agreedView(locale),
    postedAt: state === 'posted' ? '2027-07-10T08:00:00.412Z' : null,
    postUrl: state === 'posted' ? 'https://x.com/i/web/status/1900000000000000000' : null,
    reconnectAction: null,
    otherAction: null,
    barred: false,
    tried: !early && state !== 'withdrawn',
    editHref: state === 'pledged' ? '/r/secret/edit/1' : null,
    signed: false,
    withdrawAction: early ? '/r/secret/withdraw' : null,
    byHandHref: null,
    ...change,
  };
}

export function changeView(locale = 'en', change: Partial<ChangeView> = {}): ChangeView {
  return {
    ...frame(locale, '/r/secret'),
    languages: [],
    text: say(TEXTS, locale),
    textLocale: locale in TEXTS ? locale : 'en',
    on: {
      platform: 'x',
      label: 'X',
      text: say(TEXTS, locale),
      length: 212,
      limit: 280,
      unit: 'characters',
    },
    fits: true,
    handle: '@zoe_in_tbilisi',
    unconfirmed: false,
    moment: MOMENT,
    scope: 'tweet.write',
    action: '/r/secret/edit/1/agree',
    fields: { wording: '0', text_locale: 'en', shown: '9f86d081884c7d659a2feaa0c55ad015' },
    wordsHref: '/r/secret/edit/1',
    receiptHref: '/r/secret',
    exitHref: 'https://en.wikipedia.org/wiki/Weather',
    ...change,
  };
}

export const RECEIPT_STATES: readonly ReceiptState[] = ['pledged', ...DELIVERY_STATES];

export const NOTICE_KINDS: readonly NoticeKind[] = [
  'account_unfit',
  'other_server',
  'old_address',
  'denied',
  'other_account',
  'again_elsewhere',
  'expired',
  'replayed',
  'stranger',
  'answer_refused',
  'permission_missing',
  'refused_unsaid',
  'asked_to_wait',
  'platform_broken',
  'closed',
  'no_page',
  'service_refused',
  'platform_failed',
  'not_found',
  'receipt_gone',
  'receipt_erased',
  'receipt_over',
  'words_gone',
  'forbidden',
  'bad_request',
  'too_long',
  'away',
  'away_sent',
  'away_unspent',
  'error',
];

export function noticeView(kind: NoticeKind, locale = 'en'): NoticeView {
  const known = !['not_found', 'receipt_gone', 'receipt_erased', 'receipt_over', 'error'].includes(
    kind,
  );
  return {
    locale,
    lang: locale,
    languages: [],
    kind,
    back: known
      ? {
          href: '/c/chechnya-100',
          title: say(TITLES, locale),
          textLocale: locale in TITLES ? locale : 'en',
          assistedHref: '/at/code',
        }
      : null,
    ...(kind === 'other_account' && { againHref: '/i/secret', receiptHref: '/r/secret' }),
  };
}
