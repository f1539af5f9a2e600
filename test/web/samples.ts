import { textHash } from '../../src/domain/consent.ts';
import { DELIVERY_STATES, type DeliveryState } from '../../src/domain/delivery.ts';
import { REFUSAL_REASONS } from '../../src/domain/outcome.ts';
import type { WhereProblem } from '../../src/domain/where.ts';
import type { AssistedView, AssistedWayView } from '../../src/web/assisted-views.ts';
import type {
  AccountOption,
  AccountView,
  BeforeView,
  WordsView,
} from '../../src/web/join-views.ts';
import type {
  ChangeView,
  ReceiptEntry,
  ReceiptState,
  ReceiptView,
} from '../../src/web/receipt-views.ts';
import type {
  CampaignView,
  CurveBar,
  DeliveryFigures,
  DeliveryView,
  Frame,
  HoldView,
  HomeView,
  MomentView,
  NoticeKind,
  NoticeView,
  OperatorHomeView,
  OperatorPlatform,
  OperatorPlatformsView,
  PictureView,
  SignInView,
  StopView,
  TextOn,
} from '../../src/web/views.ts';

/** Rich view data for every page, around the reference campaign. Tests and screenshots share it. */

const NAMES: Readonly<Record<string, string>> = {
  en: 'English',
  fr: 'Français',
  it: 'Italiano',
  ru: 'Русский',
  es: 'Español',
  de: 'Deutsch',
  ar: 'العربية',
  uk: 'Українська',
};

const TITLES: Readonly<Record<string, string>> = {
  en: '100 days of injustice in Chechnya',
  fr: '100 jours d’injustice en Tchétchénie',
  it: '100 giorni di ingiustizia in Cecenia',
  ru: '100 дней несправедливости в Чечне',
  de: '100 Tage Menschenrechtsverletzungen in Tschetschenien',
  ar: '100 يوم من الظلم في الشيشان',
  uk: '100 днів несправедливості в Чечні: ґвалт і її відлуння',
};

const TEXTS: Readonly<Record<string, string>> = {
  en: 'For 100 days men have been hunted in Chechnya for whom they love, and nobody has been charged.\n\nWe ask for an inquiry, today.\n\n#100DaysOfInjustice #Chechen100\nhttps://example.org/chechnya',
  fr: 'Depuis 100 jours, en Tchétchénie, des hommes sont traqués pour qui ils aiment, et personne n’a été inculpé.\n\nNous demandons une enquête, aujourd’hui.\n\n#100DaysOfInjustice #Chechen100\nhttps://example.org/chechnya',
  it: 'Da 100 giorni in Cecenia si dà la caccia a uomini per chi amano, e nessuno è stato incriminato.\n\nChiediamo un’indagine, oggi.\n\n#100DaysOfInjustice #Chechen100\nhttps://example.org/chechnya',
  ru: '100 дней в Чечне преследуют мужчин за то, кого они любят, и никто не предстал перед судом.\n\nМы требуем расследования. Сегодня.\n\n#100DaysOfInjustice #Chechen100\nhttps://example.org/chechnya',
};

/** Of a language that the reference campaign is not written in. */
const MORE_TEXTS: Readonly<Record<string, string>> = {
  de: 'Seit 100 Tagen werden in Tschetschenien Männer verfolgt, weil sie lieben, wen sie lieben, und niemand wurde angeklagt.\n\nWir fordern eine Untersuchung, heute.\n\n#100DaysOfInjustice #Chechen100\nhttps://example.org/chechnya',
  ar: 'منذ مئة يوم يُلاحَق رجال في الشيشان بسبب من يحبون، ولم يُحاسَب أحد.\n\nنطالب بتحقيق، اليوم.\n\n#100DaysOfInjustice #Chechen100\nhttps://example.org/chechnya',
  uk: '100 днів у Чечні переслідують чоловіків за те, кого вони кохають, і ніхто не став перед судом.\n\nМи вимагаємо розслідування. Сьогодні.\n\n#100DaysOfInjustice #Chechen100\nhttps://example.org/chechnya',
};

const STORY = `In the spring of 2017 a newspaper reported that men were being rounded up in Chechnya because they were thought to be gay. They were held in secret, beaten, and made to name others. Some did not come back.

## What we ask for

- An **independent inquiry**, open to the families.
- Protection for everybody who gives evidence.
- Safe passage for those who have to leave.

One hundred days later nobody has been charged. Silence is what makes this possible, so we break it *together*, in one moment. [The reports](https://example.org/reports) have the facts.

> I want one thing: that somebody says aloud that this happened.`;

const STORIES: Readonly<Record<string, string>> = {
  de: `Im Frühjahr 2017 berichtete eine Zeitung, dass in Tschetschenien Männer festgenommen werden, die man für schwul hält. Sie wurden heimlich gefangen gehalten, geschlagen und gezwungen, andere zu nennen.

## Was wir fordern

- Eine **unabhängige Untersuchung**, die den Familien offensteht.
- Schutz für alle, die aussagen.`,
  ar: `في ربيع عام 2017 كشفت صحيفة عن اعتقال رجال في الشيشان لأنهم عُدّوا مثليين. احتُجزوا سرًّا وضُربوا وأُجبروا على ذكر أسماء غيرهم.

## ما نطالب به

- **تحقيق مستقل** مفتوح أمام العائلات.
- حماية كل من يدلي بشهادته.`,
  uk: `Навесні 2017 року газета повідомила, що в Чечні затримують чоловіків, яких вважають геями. Їх тримали в таємних в’язницях, били й змушували називати інших.

## Чого ми вимагаємо

- **Незалежного розслідування**, відкритого для родин.
- Захисту всім, хто дає свідчення.`,
};

const STORY_RU = `Весной 2017 года газета сообщила, что в Чечне задерживают мужчин, которых сочли геями. Их держали в тайных тюрьмах, били и заставляли называть других. Некоторые не вернулись.

## Чего мы требуем

- **Независимого расследования**, открытого для семей.
- Защиты всем, кто даёт показания.
- Безопасного выезда тем, кто вынужден уехать.

Прошло сто дней, и никому не предъявлено обвинение. Это возможно, пока все молчат, поэтому мы прервём молчание *вместе*, в один миг.`;

/** Eleven in the morning in Moscow. */
export const MOMENT: MomentView = {
  instant: '2027-07-10T08:00:00Z',
  wall: '2027-07-10T11:00',
  zone: 'Europe/Moscow',
};

export function frame(locale: string, path: string): Frame {
  return {
    locale,
    languages: Object.entries(NAMES).map(([tag, name]) => ({
      tag,
      name,
      href: `${path}?lang=${tag}`,
      current: tag === locale,
    })),
  };
}

function say(words: Readonly<Record<string, string>>, locale: string): string {
  return words[locale] ?? words.en ?? '';
}

function textIn(locale: string): string {
  return MORE_TEXTS[locale] ?? say(TEXTS, locale);
}

export function campaignView(locale = 'en', change: Partial<CampaignView> = {}): CampaignView {
  const text = textIn(locale);
  return {
    ...frame(locale, '/c/chechnya-100'),
    canonical: 'https://tocsin.example/c/chechnya-100',
    slug: 'chechnya-100',
    state: 'open',
    title: say(TITLES, locale),
    story: locale === 'ru' ? STORY_RU : (STORIES[locale] ?? STORY),
    textLocale: locale in TITLES ? locale : 'en',
    organiser: { name: 'Coalition for Human Rights', url: 'https://example.org' },
    partners: [
      { name: 'Network of Lawyers Without Fear', url: 'https://example.net' },
      { name: 'Ponto Livre' },
      { name: 'Мемориальный фонд', url: 'https://example.com' },
    ],
    link: 'https://www.example.org/chechnya',
    goal: 20_000,
    joined: 12_400,
    hashtags: ['100DaysOfInjustice', 'Chechen100'],
    moment: MOMENT,
    daysLeft: Math.floor((Date.parse(MOMENT.instant) - Date.now()) / 86_400_000),
    closesAt: '2027-07-10T07:58:00Z',
    options: [textOn({ text })],
    wordings: 1,
    ownWords: false,
    joinHref: `/join/code?lang=${locale}`,
    assistedHref: `/at/code?lang=${locale}`,
    addressee: null,
    letter: null,
    picture: null,
    sources: [],
    donation: null,
    updates: [],
    reach: null,
    shareHref: `/c/chechnya-100/share?lang=${locale}`,
    result: null,
    ...change,
  };
}

/** A text on X, with these changes. */
export function textOn(change: Partial<TextOn> = {}): TextOn {
  return { platform: 'x', label: 'X', text: '', length: 197, limit: 280, ...change };
}

/** X as a way to join, with these changes. */
export function accountOption(change: Partial<AccountOption> = {}): AccountOption {
  return {
    ...textOn(),
    ...{ fits: true, asks: 'nothing', typed: '', problem: null, guess: null, known: [] },
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
    campaignHref: '/c/chechnya-100',
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
  refused: WhereProblem | null = null,
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
        ...{ asks: 'server', typed, problem: refused, permission: 'posts' },
        ...{ guess: refused ? 'mastodon.social' : null, known: ['mastodon.social', 'mas.to'] },
      }),
      option('Bluesky', 300, { asks: 'handle', permission: 'posts' }),
      option('Threads', 500, { returns: 'forgotten' }),
      option('LinkedIn', 3_000, { permission: 'acts', returns: 'forgotten' }),
      option('Facebook', 63_206, { permission: 'pages', returns: 'forgotten' }),
      option('Nostr', 5_000, { permission: 'signature', returns: 'unsent' }),
      option('Tiny', 100, { fits: false }),
    ],
    action: '/i/secret/join',
    wordsHref: '/i/secret/words',
    assistedHref: '/at/code',
    notice: refused ? 'check_fields' : null,
    exitHref: 'https://www.example.org/',
    ...change,
  };
}

const pictureAt = (width: number) => `/c/chechnya-100/picture-${width}.jpg`;

export const PICTURE: PictureView = {
  ...{ src: pictureAt(1280), srcset: `${pictureAt(640)} 640w, ${pictureAt(1280)} 1280w` },
  ...{ width: 1280, height: 853, alt: 'A woman holds up a candle before a closed gate.' },
  credit: 'Anna Petrova',
};

/** The page for people who post by themselves, with one network of each kind. */
export function assistedView(locale = 'en', phase: AssistedView['phase'] = 'before'): AssistedView {
  const text = textIn(locale);
  const way = (label: string, change: Partial<AssistedWayView> = {}): AssistedWayView => ({
    ...{ name: label.toLowerCase(), label, text, length: 197, limit: 280, carries: 'text' },
    ...{ asks: 'nothing', byHandOnly: false, href: 'https://example.org/compose' },
    ...change,
  });
  return {
    ...frame(locale, '/at/code'),
    path: '/at/code',
    campaignHref: `/c/chechnya-100?lang=${locale}`,
    title: say(TITLES, locale),
    textLocale: locale in TITLES ? locale : 'en',
    moment: MOMENT,
    phase,
    now: '2027-07-09T20:00:00.000Z',
    ways: [
      way('X'),
      way('Facebook', { carries: 'link', byHandOnly: true, limit: null }),
      way('Threads', { limit: 500 }),
      way('Mastodon', { asks: 'server', href: null }),
    ],
    fields: [],
    server: { value: '', wrong: false },
    reminders: phase === 'before',
    confirmable: phase === 'now',
    posts: 214,
    said: null,
  };
}

/** A campaign that has everything a campaign may have. */
export function fullCampaign(locale = 'en', change: Partial<CampaignView> = {}): CampaignView {
  return campaignView(locale, {
    addressee:
      'To the Prosecutor General and the Investigative Committee of the Russian Federation',
    letter:
      'For a hundred days it has been public what was done to men in Chechnya.\n\nWe ask you to open an investigation, to protect those who speak, and to tell us what you have found.',
    picture: PICTURE,
    sources: [
      { title: 'The first report, 1 April 2017', url: 'https://www.example.org/report' },
      { title: 'Доклад правозащитников', url: 'https://example.com/ru/doklad' },
    ],
    donation: 'https://example.org/donate',
    updates: [
      {
        at: '2027-07-02T09:00:00Z',
        text: 'The ministry has answered: there is *nothing to look into*. We go on.',
        locale: 'en',
      },
      { at: '2027-06-24T15:30:00Z', text: 'Ten thousand people have joined.', locale: 'en' },
      { at: '2027-06-20T08:00:00Z', text: 'Мы начали.', locale: 'ru' },
      { at: '2027-06-18T08:00:00Z', text: 'The page is up.', locale: 'en' },
    ],
    reach: 3_100_000,
    wordings: 3,
    ownWords: true,
    ...change,
  });
}

export function settledCampaign(locale = 'en'): CampaignView {
  return campaignView(locale, {
    state: 'settled',
    result: {
      ...{ total: 12_431, posted: 12_398, refused: 31, unconfirmed: 2, byHand: 214 },
      lateness: { first: 3.2, p50: 352, p99: 911.4, max: 1534 },
      curve: burst(12_398),
    },
  });
}

export function homeView(locale = 'en'): HomeView {
  const card = {
    slug: 'chechnya-100',
    title: say(TITLES, locale),
    textLocale: locale in TITLES ? locale : 'en',
    organiser: 'Coalition for Human Rights',
    moment: MOMENT,
    state: 'open' as const,
  };
  return {
    ...frame(locale, '/'),
    campaigns: [
      card,
      {
        slug: 'rivers',
        title: 'Let the rivers run',
        textLocale: 'en',
        organiser: 'Friends of the Vjosa',
        moment: {
          instant: '2027-03-22T11:00:00Z',
          wall: '2027-03-22T12:00',
          zone: 'Europe/Tirane',
        },
        state: 'settled',
      },
    ],
  };
}

export function receiptView(
  state: ReceiptState = 'pledged',
  locale = 'en',
  change: Partial<ReceiptEntry> = {},
): ReceiptView {
  const joinable = state === 'pledged';
  return {
    ...frame(locale, '/r/secret'),
    campaignTitle: say(TITLES, locale),
    campaignHref: `/c/chechnya-100?lang=${locale}`,
    organiser: 'Coalition for Human Rights',
    moment: MOMENT,
    entries: [receiptEntry(state, locale, change)],
    said: joinable ? 'first' : null,
    address: 'https://tocsin.example.org/r/secret',
    addAction: joinable ? '/r/secret/add' : null,
    calendarHref: joinable ? '/at/code/moment.ics' : null,
    reminderAction: joinable ? '/r/secret/reminder' : null,
    share: {
      link: 'https://tocsin.example.org/c/chechnya-100',
      href: `/c/chechnya-100/share?lang=${locale}`,
    },
    dataHref: '/r/secret/data.json',
    eraseAction: '/r/secret/erase',
  };
}

/** Two posts on one receipt: one that waits, and one whose permission has died. */
export function severalReceiptView(locale = 'en'): ReceiptView {
  const view = receiptView('pledged', locale);
  const other: Partial<ReceiptEntry> = {
    id: '6f1c1c52-0000-4000-8000-000000000002',
    platformLabel: 'Bluesky',
    handle: 'zoe.bsky.example',
    reason: 'reauthorize',
    reconnectAction: '/r/secret/add',
    editHref: null,
    signed: true,
  };
  return {
    ...view,
    said: null,
    entries: [...view.entries, receiptEntry('pledged', locale, other)],
  };
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
    handle: '@zoe_in_tbilisi',
    text: say(TEXTS, locale),
    textLocale: locale in TITLES ? locale : 'en',
    postedAt: state === 'posted' ? '2027-07-10T08:00:00.412Z' : null,
    postUrl: state === 'posted' ? 'https://x.com/i/web/status/1900000000000000000' : null,
    consentedAt: '2027-06-21T17:42:09Z',
    scope: 'tweet.read tweet.write users.read offline.access',
    textHash: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    policyVersion: '2027-05-01',
    reconnectAction: null,
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
    textLocale: locale in TITLES ? locale : 'en',
    on: { platform: 'x', label: 'X', text: say(TEXTS, locale), length: 212, limit: 280 },
    fits: true,
    handle: '@zoe_in_tbilisi',
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
  'denied',
  'expired',
  'replayed',
  'stranger',
  'no_cookie',
  'closed',
  'no_page',
  'platform_failed',
  'not_found',
  'receipt_gone',
  'receipt_erased',
  'words_gone',
  'forbidden',
  'bad_request',
  'error',
];

export function noticeView(kind: NoticeKind, locale = 'en'): NoticeView {
  const known = !['not_found', 'receipt_gone', 'receipt_erased', 'error'].includes(kind);
  return {
    locale,
    languages: [],
    kind,
    back: known
      ? { href: '/c/chechnya-100', title: say(TITLES, locale), assistedHref: '/at/code' }
      : null,
  };
}

export function signInView(kind: SignInView['kind'] = 'confirm'): SignInView {
  return { kind, action: kind === 'confirm' ? '/ops/sign-in/one-time' : null };
}

export function operatorHomeView(): OperatorHomeView {
  const campaign = { slug: 'chechnya-100', title: say(TITLES, 'en'), moment: MOMENT };
  return {
    signOutAction: '/ops/sign-out',
    networks: ['X', 'Threads'],
    unaccepted: ['Threads'],
    problem: null,
    campaigns: [
      { ...campaign, state: 'firing', pledges: 10_000, approveAction: null },
      {
        slug: 'rivers',
        title: 'Let the rivers run',
        state: 'in_review',
        moment: {
          instant: '2027-09-22T10:00:00Z',
          wall: '2027-09-22T12:00',
          zone: 'Europe/Tirane',
        },
        pledges: 0,
        approveAction: '/ops/campaigns/rivers/approve',
      },
    ],
    holds: HOLDS,
    stops: [
      stopView('everything', 'instance', '/ops/instance'),
      stopView('X', 'x', '/ops/platforms/x'),
    ],
  };
}

/** One of each kind: simulated, accepted, lapsed, waiting, not connected. */
export function operatorPlatformsView(): OperatorPlatformsView {
  const says = [
    'Identical or substantially similar posts must not be made across several accounts.',
    'An app may post for a person only with their express consent.',
  ];
  const rules = { says, source: 'https://example.org/developers/policy', asOf: '2026-08-22' };
  const acceptance = { who: 'Vera', at: '2026-09-01T10:00:00.000Z', lapsed: false };
  const platform = (label: string, change: Partial<OperatorPlatform> = {}): OperatorPlatform => {
    const name = label.toLowerCase();
    return {
      ...{ name, label, connected: true, simulated: false, offered: false, rules },
      ...{ acceptance: null, acceptAction: `/ops/platforms/${name}/accept`, withdrawAction: null },
      ...change,
    };
  };
  const withdraw = (name: string) => ({ withdrawAction: `/ops/platforms/${name}/withdraw` });
  return {
    platforms: [
      platform('X', { simulated: true, offered: true, acceptAction: null }),
      platform('Mastodon', {
        ...{ offered: true, acceptance, acceptAction: null },
        ...withdraw('mastodon'),
      }),
      platform('Bluesky', { acceptance: { ...acceptance, lapsed: true }, ...withdraw('bluesky') }),
      platform('Threads'),
      platform('LinkedIn', { connected: false, rules: null, acceptAction: null }),
    ],
    problem: null,
    signOutAction: '/ops/sign-out',
  };
}

export function stopView(label: string, confirm: string, base: string): StopView {
  const [pauseAction, resumeAction] = [`${base}/pause`, `${base}/resume`];
  return { label, confirm, pauseAction, resumeAction, abortAction: `${base}/abort` };
}

/** One of each kind and of each scope. */
export const HOLDS: readonly HoldView[] = [
  {
    scope: 'instance',
    kind: 'paused',
    subject: 'instance',
    who: 'Vera',
    since: '2027-07-10T08:00:00.700Z',
    until: null,
    reason: 'the text has a wrong link',
  },
  {
    scope: 'platform',
    kind: 'broken',
    subject: 'X',
    who: 'tocsin',
    since: '2027-07-10T08:00:00.900Z',
    until: null,
    reason: '402: no credits are left',
  },
  {
    scope: 'platform',
    kind: 'throttled',
    subject: 'X',
    who: 'tocsin',
    since: '2027-07-10T08:00:01Z',
    until: '2027-07-10T08:15:00Z',
    reason: '',
  },
  {
    scope: 'campaign',
    kind: 'paused',
    subject: 'chechnya-100',
    who: 'key:press office',
    since: '2027-07-10T08:00:01.200Z',
    until: null,
    reason: '',
  },
];

/** A burst as it looks: steep, then a tail. Adds up to `posts`. */
export function burst(posts: number): CurveBar[] {
  const shape = [9, 14, 16, 15, 14, 12, 9, 5, 3, 1.4, 0.8, 0.4, 0.2, 0, 0.1, 0.1];
  const total = shape.reduce((a, b) => a + b);
  let left = posts;
  return shape.map((share, index) => {
    const last = index === shape.length - 1;
    const count = last ? left : Math.floor((posts * share) / total);
    left -= count;
    return { fromMs: index * 100, widthMs: 100, posts: count };
  });
}

export function figures(change: Partial<DeliveryFigures> = {}): DeliveryFigures {
  const none = Object.fromEntries(DELIVERY_STATES.map((state) => [state, 0]));
  return {
    at: '2027-07-10T08:00:01.640Z',
    state: 'firing',
    pledges: 10_012,
    totals: {
      ...(none as Record<DeliveryState, number>),
      posted: 9_712,
      sending: 131,
      armed: 88,
      waiting: 12,
      refused: 42,
      unconfirmed: 3,
      withdrawn: 12,
    },
    lateness: { first: 3.2, p50: 352, p99: 911.4, max: 1534 },
    curve: burst(9_712),
    reasons: REFUSAL_REASONS.slice(0, 4).map((reason, index) => ({
      reason,
      count: 21 - index * 7,
    })),
    workers: [
      { name: 'ash-1', seenSecondsAgo: 1, clockOffsetMs: -2.4 },
      { name: 'birch-2', seenSecondsAgo: 2, clockOffsetMs: 184.6 },
      { name: 'cedar-3', seenSecondsAgo: 41, clockOffsetMs: 0.3 },
    ],
    holds: [],
    readiness: null,
    assisted: { posts: 0, reminders: null, lateness: null },
    ...change,
  };
}

export function deliveryView(change: Partial<DeliveryFigures> = {}): DeliveryView {
  return {
    slug: 'chechnya-100',
    title: say(TITLES, 'en'),
    moment: MOMENT,
    figures: figures(change),
    stop: stopView('this campaign', 'chechnya-100', '/ops/campaigns/chechnya-100'),
    problem: null,
    eventsUrl: '/ops/campaigns/chechnya-100/events',
    signOutAction: '/ops/sign-out',
  };
}
