import { AHEAD } from '../domain/campaign.ts';
import { showsAll } from './cards/faces.ts';
import { formatNumber, momentWords, sentence, withComma } from './format.ts';
import { type Translate, translator } from './i18n.ts';
import type { BriefView } from './views/share.ts';

/** The size of a card, in pixels, as networks want it. */
export const CARD_SIZE = { width: 1200, height: 630 } as const;

/** What has become of a campaign, in a line: how many take part, or why joining is closed. Null while there is nothing to be said. */
export function figureLine(view: BriefView, t: Translate = translator(view.locale)): string | null {
  const { state, joined, posted, locale } = view;
  if (AHEAD.includes(state)) {
    return joined === null
      ? null
      : t('campaign.joined', { count: joined, n: formatNumber(locale, joined) });
  }
  if (state === 'settled' && posted !== null) {
    return [`${formatNumber(locale, posted)} ${t('result.posted', { count: posted })}`]
      .concat(openEnds(view, t))
      .join(' · ');
  }
  return [t(`state.${state}`)].concat(openEnds(view, t)).join(' · ');
}

/** What a result leaves open, each in two or three words; nothing before there is a result. */
export function openEnds(
  {
    state,
    notKnown,
    stillToCome,
    locale,
  }: Pick<BriefView, 'state' | 'notKnown' | 'stillToCome' | 'locale'>,
  t: Translate,
): string[] {
  if (state !== 'settled') return [];
  const said = (key: 'not_known' | 'still_to_come', count: number) =>
    count > 0 ? [t(`result.${key}`, { n: formatNumber(locale, count) })] : [];
  return [...said('not_known', notKnown), ...said('still_to_come', stillToCome)];
}

/**
 * What a card says in its largest letters: for a title with letters that the card's face does not have the organiser, and for such an
 * organiser's name `host`, that of this instance.
 */
export function cardTitle(
  { title, textLocale, organiser, locale }: BriefView,
  host: string,
): { text: string; locale: string } {
  if (showsAll('display', title)) return { text: title, locale: textLocale };
  return { text: showsAll('display', organiser) ? organiser : host, locale };
}

/** What stands on a card, for those who cannot see it. */
export function cardAlt(view: BriefView, host: string): string {
  const { date, time, zone } = momentWords(view.locale, view.moment);
  const moment = withComma(view.locale, sentence(date), `${time} (${zone})`);
  const lines = [cardTitle(view, host).text, moment, figureLine(view)];
  return lines.filter((line) => line !== null).join('. ');
}
