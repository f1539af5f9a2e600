import type { LocatorProblem } from '../../src/domain/account-locator.ts';
import { textHash } from '../../src/domain/consent.ts';
import type { TextOn } from '../../src/web/views/campaign.ts';
import type {
  AccountOption,
  AccountView,
  BeforeView,
  WordsView,
} from '../../src/web/views/join.ts';
import type { WaitView } from '../../src/web/views/notice.ts';
import { frame, MOMENT, say, TEXTS, TITLES, WARNINGS } from './sample-words.ts';

/** View data for the steps of joining. */

/** A text on X, with these changes. */
export function textOn(change: Partial<TextOn> = {}): TextOn {
  return {
    ...{ platform: 'x', label: 'X', text: '', length: 197, limit: 280, unit: 'characters' },
    ...change,
  };
}

/** X as a way to join, with these changes. */
export function accountOption(change: Partial<AccountOption> = {}): AccountOption {
  return {
    ...textOn(),
    ...{ fits: true, requires: 'nothing', typed: '', isFixed: false, problem: null, guess: null },
    known: [],
    more: null,
    ...{ permission: 'reads', returns: 'revoked' },
    ...change,
  };
}

export function beforeView(locale = 'en'): BeforeView {
  return {
    ...frame(locale, '/join/code'),
    campaignTitle: say(TITLES, locale),
    textLocale: locale in TITLES ? locale : 'en',
    moment: MOMENT,
    wordsHref: '/join/code/words',
    assistedHref: '/at/code',
    exitHref: 'https://www.example.org/',
  };
}

/** Three wordings, blanks with something to mend, and words of one's own that are chosen. */
export function wordsView(locale = 'en', change: Partial<WordsView> = {}): WordsView {
  const text = say(TEXTS, locale);
  const on = [
    textOn({ text }),
    textOn({ platform: 'bluesky', label: 'Bluesky', text, limit: 300 }),
  ];
  return {
    ...frame(locale, '/join/code/words'),
    campaignTitle: say(TITLES, locale),
    textLocale: locale in TITLES ? locale : 'en',
    textLocales: ['en', 'fr'].map((tag) => ({
      tag,
      href: `?text=${tag}`,
      current: tag === locale,
    })),
    action: '/join/code/words',
    countAction: '/join/code/count',
    wordings: [0, 1, 2].map((variant) => ({ variant, text, on })),
    notice: null,
    chosen: 0,
    fields: [
      { name: 'name', value: 'Zoë', problem: null },
      {
        ...{ name: 'place', value: 'Tbilisi'.repeat(9) },
        problem: { kind: 'field_too_long', values: { length: 63, most: 30 } },
      },
    ],
    own: { allowed: true, value: text, problem: null, on },
    backHref: '/join/code',
    exitHref: 'https://www.example.org/',
    ...change,
  };
}

/** As many platforms as there are, all with the same text; `refused`: what was typed for one of them cannot be used. */
export function accountView(
  locale = 'en',
  refused: LocatorProblem | null = null,
  change: Partial<AccountView> = {},
): AccountView {
  const text = say(TEXTS, locale);
  const option = (label: string, limit: number, more: Partial<AccountOption> = {}) =>
    accountOption({ platform: label.toLowerCase(), label, text, limit, length: 212, ...more });
  const typed = refused ? '@zoe@rivers.example' : '';
  return {
    ...frame(locale, '/i/secret'),
    campaignTitle: say(TITLES, locale),
    text,
    textHash: textHash(text),
    textLocale: locale in TITLES ? locale : 'en',
    moment: MOMENT,
    closesAt: '2027-07-10T07:58:00Z',
    options: [
      accountOption({ text }),
      option('Mastodon', 500, {
        ...{ requires: 'server', typed, problem: refused, permission: 'posts' },
        ...{ guess: refused ? 'mastodon.social' : null, known: ['mastodon.social', 'mas.to'] },
      }),
      option('Bluesky', 300, { requires: 'handle', permission: 'posts' }),
      option('Threads', 500, { returns: 'forgotten' }),
      option('LinkedIn', 3_000, { permission: 'acts', returns: 'forgotten' }),
      option('Facebook', 63_206, { permission: 'pages', returns: 'forgotten' }),
      option('Nostr', 5_000, { permission: 'signature', returns: 'unsent' }),
      option('Tiny', 100, { fits: false }),
    ],
    action: '/i/secret/join',
    wordsHref: '/i/secret/words',
    again: null,
    assistedHref: '/at/code',
    notice: refused ? 'check_fields' : null,
    exitHref: 'https://www.example.org/',
    ...change,
  };
}

/** The page on which one account is connected again: its own server, and nothing else. */
export function againAccountView(locale = 'en', change: Partial<AccountView> = {}): AccountView {
  const view = accountView(locale);
  return {
    ...view,
    options: view.options
      .filter(({ platform }) => platform === 'mastodon')
      .map((option) => ({ ...option, typed: 'rivers.example', isFixed: true, known: [] })),
    wordsHref: null,
    again: { platformLabel: 'Mastodon', receiptHref: '/r/secret' },
    ...change,
  };
}

/** The page for any account, with a content warning on Mastodon. */
export function warnedAccountView(locale = 'en'): AccountView {
  const view = accountView(locale);
  const contentWarning = say(WARNINGS, locale);
  const options = view.options.map((option) =>
    option.platform === 'mastodon' ? { ...option, contentWarning } : option,
  );
  return { ...view, options };
}

/** One server that shows posts to nobody who is not signed in, and so is asked for more than the others. */
export function askingMoreView(locale = 'en'): AccountView {
  const view = accountView(locale);
  const more = { server: 'gotosocial.rivers.example', scope: 'read:statuses', agreement: 'agreed' };
  return {
    ...view,
    options: view.options.map((option) =>
      option.requires === 'server'
        ? { ...option, typed: 'gotosocial.rivers.example', more }
        : option,
    ),
  };
}

/** The page of whoever has to wait for a turn, with a puzzle that no browser solves while it is looked at; null: nothing can be begun. */
export function waitView(locale = 'en', again: Partial<WaitView['again']> | null = {}): WaitView {
  const parameters = {
    algorithm: 'SHA-256',
    salt: '00'.repeat(16),
    nonce: '00'.repeat(16),
    keyPrefix: 'ff'.repeat(32),
  };
  return {
    ...frame(locale, '/join/code'),
    seconds: 20,
    again: again && {
      method: 'post',
      action: '/join/code/words',
      fields: [['wording', 'message']],
      challenge: JSON.stringify({ parameters }),
      turn: 'ticket',
      laterHref: '/join/code?turn=ticket',
      ...again,
    },
  };
}
