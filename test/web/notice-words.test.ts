import { expect, test } from 'vitest';
import type { Closing } from '../../src/domain/try-again.ts';
import { translator } from '../../src/web/i18n.ts';
import { LOCALES, noticePage } from '../../src/web/index.ts';
import type { NoticeView } from '../../src/web/views/notice.ts';
import { noticeView } from './receipt-samples.ts';

/** Nobody knows whether whoever sees these has joined before. */
const UNPLEDGED = [
  ...(['denied', 'expired', 'other_server', 'old_address', 'closed', 'no_page'] as const),
  ...(['service_refused', 'answer_refused', 'refused_unsaid', 'asked_to_wait'] as const),
  ...(['platform_broken', 'platform_failed', 'account_unfit'] as const),
];

test.each(LOCALES)('a notice does not say who has joined, which nobody knows, in %s', (locale) => {
  const t = translator(locale);
  const holds = t('notice.account_unfit.text');
  for (const kind of UNPLEDGED) {
    expect(t(`notice.${kind}.text`).endsWith(holds), kind).toBe(true);
    expect(noticePage(noticeView(kind, locale))).toContain(holds);
  }
});

test.each(LOCALES)('a notice offers nothing for which joining ends too early, in %s', (locale) => {
  const t = translator(locale);
  const end = { instant: '2026-11-30T16:37:00Z', zone: 'UTC' };
  const shown = (kind: Closing, change: Partial<NoticeView> = {}) =>
    noticePage({
      ...noticeView('asked_to_wait', locale),
      ...{ until: { ...end, instant: '2026-11-30T16:44:00Z' }, closing: { kind, ...end } },
      ...change,
    });
  const again = { againHref: '/i/secret' };
  for (const page of [shown('too_late'), shown('soon', again), shown('closed')]) {
    expect(page).not.toContain(t('notice.asked_to_wait.next'));
    expect(page.match(/class="button"/g)).toHaveLength(1);
    expect(page).toContain('href="/c/chechnya-100"');
    expect(page.match(/href="\/at\/code"/g)).toHaveLength(1);
  }
  expect(shown('too_late')).toContain('class="button" href="/at/code"');
  expect(shown('too_late')).toMatch(/16:37|٤:٣٧/);
  expect(shown('soon', again)).toContain(t('notice.closing.soon'));
  expect(shown('soon', again)).toContain('class="button" href="/i/secret"');
  expect(shown('closed')).toContain(t('notice.closing.closed'));
  expect(shown('closed')).not.toMatch(/16:44|٤:٤٤/);
  expect(shown('too_late', { receiptHref: '/r/secret' })).toContain(
    'class="button" href="/r/secret"',
  );
});

/** Kinds whose sentences are about one network. */
const NAMING = [
  ...(['service_refused', 'refused_unsaid', 'asked_to_wait', 'platform_broken'] as const),
  ...(['platform_failed', 'permission_missing', 'other_account', 'stranger'] as const),
];

test.each(LOCALES)('a notice names the network that it is about, in %s', (locale) => {
  for (const kind of NAMING) {
    const view = { ...noticeView(kind, locale), platformLabel: 'Mastodon' };
    const page = noticePage(view).replace(/<[^>]+>/g, ' ');
    expect(page, kind).toContain('Mastodon');
    expect(page, kind).not.toContain('{{');
    expect(page, kind).not.toMatch(
      /platform|plateforme|piattaforma|платформ|plataforma|Plattform|منصة/i,
    );
  }
});

const OVER = ['settled', 'cancelled', 'aborted', 'missed_goal', 'rejected'] as const;

test.each(LOCALES)('a notice says how a campaign has ended, in %s', (locale) => {
  const t = translator(locale);
  for (const over of OVER) {
    const how = over === 'settled' ? t('notice.over.past') : t(`campaign.${over}`);
    const next = t(over === 'settled' ? 'notice.over.settled' : 'notice.over.stopped');
    const closed = { ...noticeView('closed', locale), over };
    const end = { instant: '2026-11-30T16:37:00Z', zone: 'UTC' };
    const shown = [
      noticePage(closed),
      noticePage({ ...closed, receiptHref: '/r/secret' }),
      noticePage({
        ...noticeView('platform_failed', locale),
        ...{ over, platformLabel: 'X', closing: { kind: 'closed', ...end } },
      }),
    ];
    for (const page of shown) {
      expect(page).toContain(how);
      expect(page).toContain(next);
      expect(page).not.toContain(t('notice.closed.next'));
      expect(page).not.toContain(t('notice.closing.closed'));
      expect(page).not.toContain(t('notice.closed.text'));
    }
    expect(shown[0]).toContain(t('notice.account_unfit.text'));
  }
  // Until then it can be watched.
  expect(noticePage(noticeView('closed', locale))).toContain(t('notice.closed.next'));
});
