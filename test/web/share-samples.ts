import type { CardView, SharePageView, WidgetView } from '../../src/web/views/share.ts';
import { FOLLOW, frame, MOMENT, SHARE } from './sample-words.ts';

/** A title and an organiser in each language that cards are drawn in. */
export const CARDS: Readonly<Record<string, { title: string; organiser: string }>> = {
  en: { title: '100 days of injustice in Chechnya', organiser: 'Coalition for Human Rights' },
  fr: { title: '100 jours d’injustice en Tchétchénie', organiser: 'Cœur & Liberté' },
  it: { title: '100 giorni di ingiustizia in Cecenia', organiser: 'Più Diritti' },
  ru: { title: '100 дней несправедливости в Чечне', organiser: 'Мемориальный фонд' },
  es: { title: '100 días de injusticia en Chechenia', organiser: 'Coalición ¡Ya!' },
  de: { title: '100 Tage Unrecht in Tschetschenien', organiser: 'Bündnis für Menschenrechte' },
  ar: { title: '100 يوم من الظلم في الشيشان', organiser: 'ائتلاف حقوق الإنسان' },
  uk: { title: '100 днів несправедливості в Чечні', organiser: 'Ґрунт і Їжак' },
};

export function cardView(locale = 'en', change: Partial<CardView> = {}): CardView {
  const known = CARDS[locale] ?? { title: '', organiser: '' };
  return {
    locale,
    slug: 'chechnya-100',
    state: 'open',
    ...known,
    textLocale: locale,
    moment: MOMENT,
    joined: 12_400,
    posted: null,
    notKnown: 0,
    stillToCome: 0,
    host: 'tocsin.example',
    picture: null,
    ...change,
  };
}

export function widgetView(locale = 'en', change: Partial<WidgetView> = {}): WidgetView {
  const { host: _host, picture: _picture, ...brief } = cardView(locale);
  return { ...brief, theme: 'auto', href: '/c/chechnya-100', follow: FOLLOW, ...change };
}

export function sharePageView(locale = 'en', change: Partial<SharePageView> = {}): SharePageView {
  const { title, textLocale } = cardView(locale);
  const path = '/c/chechnya-100';
  return {
    ...frame(locale, `${path}/share`),
    title,
    textLocale,
    campaignHref: path,
    share: SHARE,
    server: { label: 'Mastodon', value: '', wrong: false },
    action: `${path}/share`,
    qrHref: `${path}/qr.svg`,
    widget: {
      href: `${path}/widget`,
      code: `<iframe src="https://tocsin.example${path}/widget" title="x"></iframe>`,
      title,
      height: 400,
    },
    card: { href: `${path}/card-${locale}.png`, alt: title, width: 1200, height: 630 },
    ...change,
  };
}
