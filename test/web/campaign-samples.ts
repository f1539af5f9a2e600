import type { AssistedView, AssistedWayView } from '../../src/web/views/assisted.ts';
import type { CampaignView, HomeView, PictureView } from '../../src/web/views/campaign.ts';
import { textOn } from './join-samples.ts';
import { burst } from './operator-samples.ts';
import {
  FOLLOW,
  frame,
  MOMENT,
  STORIES,
  STORY,
  STORY_RU,
  say,
  TITLES,
  textIn,
} from './sample-words.ts';

/** View data for the pages that everybody may see. Tests and screenshots share it. */

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
    updates: [],
    reach: null,
    shareHref: `/c/chechnya-100/share?lang=${locale}`,
    result: null,
    follow: FOLLOW,
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
    ...{ unit: 'characters' },
    ...{ requires: 'nothing', byHandOnly: false, href: 'https://example.org/compose' },
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
      way('Mastodon', { requires: 'server', href: null }),
    ],
    fields: [],
    server: { value: '', wrong: false },
    reminders: phase === 'before',
    confirmable: phase === 'now',
    posts: 214,
    notice: null,
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
      stillToCome: 0,
      ...{ total: 12_431, posted: 12_398, refused: 31, unconfirmed: 2, byHand: 214 },
      refusedBy: ['Mastodon', 'X'],
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
    href: `/c/chechnya-100?lang=${locale}`,
  };
  return {
    ...frame(locale, '/'),
    coming: { campaigns: [card], moreHref: `/?list=coming&after=chechnya-100&lang=${locale}` },
    past: {
      campaigns: [
        {
          slug: 'rivers',
          href: `/c/rivers?lang=${locale}`,
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
      moreHref: `/?list=past&after=rivers&lang=${locale}`,
    },
  };
}
