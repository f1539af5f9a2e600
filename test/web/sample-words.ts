import type { MomentView } from '../../src/web/views/campaign.ts';
import type { FollowView, Frame } from '../../src/web/views/frame.ts';
import type { ShareView } from '../../src/web/views/share.ts';

/** What the reference campaign says, in every language, and what stands around every page of it. */

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

export const TITLES: Readonly<Record<string, string>> = {
  en: '100 days of injustice in Chechnya',
  fr: '100 jours d’injustice en Tchétchénie',
  it: '100 giorni di ingiustizia in Cecenia',
  ru: '100 дней несправедливости в Чечне',
  de: '100 Tage Menschenrechtsverletzungen in Tschetschenien',
  ar: '100 يوم من الظلم في الشيشان',
  uk: '100 днів несправедливості в Чечні: ґвалт і її відлуння',
};

export const TEXTS: Readonly<Record<string, string>> = {
  en: 'For 100 days men have been hunted in Chechnya for whom they love, and nobody has been charged.\n\nWe ask for an inquiry, today.\n\n#100DaysOfInjustice #Chechen100\nhttps://example.org/chechnya',
  fr: 'Depuis 100 jours, en Tchétchénie, des hommes sont traqués pour qui ils aiment, et personne n’a été inculpé.\n\nNous demandons une enquête, aujourd’hui.\n\n#100DaysOfInjustice #Chechen100\nhttps://example.org/chechnya',
  it: 'Da 100 giorni in Cecenia si dà la caccia a uomini per chi amano, e nessuno è stato incriminato.\n\nChiediamo un’indagine, oggi.\n\n#100DaysOfInjustice #Chechen100\nhttps://example.org/chechnya',
  ru: '100 дней в Чечне преследуют мужчин за то, кого они любят, и никто не предстал перед судом.\n\nМы требуем расследования. Сегодня.\n\n#100DaysOfInjustice #Chechen100\nhttps://example.org/chechnya',
};

/** What stands before them on Mastodon. */
export const WARNINGS: Readonly<Record<string, string>> = {
  en: 'Persecution of gay men, torture',
  fr: 'Persécution d’hommes gays, torture',
  it: 'Persecuzione di uomini gay, tortura',
  ru: 'Преследование геев, пытки',
};

/** Of a language that the reference campaign is not written in. */
const MORE_TEXTS: Readonly<Record<string, string>> = {
  de: 'Seit 100 Tagen werden in Tschetschenien Männer verfolgt, weil sie lieben, wen sie lieben, und niemand wurde angeklagt.\n\nWir fordern eine Untersuchung, heute.\n\n#100DaysOfInjustice #Chechen100\nhttps://example.org/chechnya',
  ar: 'منذ مئة يوم يُلاحَق رجال في الشيشان بسبب من يحبون، ولم يُحاسَب أحد.\n\nنطالب بتحقيق، اليوم.\n\n#100DaysOfInjustice #Chechen100\nhttps://example.org/chechnya',
  uk: '100 днів у Чечні переслідують чоловіків за те, кого вони кохають, і ніхто не став перед судом.\n\nМи вимагаємо розслідування. Сьогодні.\n\n#100DaysOfInjustice #Chechen100\nhttps://example.org/chechnya',
};

export const STORY = `In the spring of 2017 a newspaper reported that men were being rounded up in Chechnya because they were thought to be gay. They were held in secret, beaten, and made to name others. Some did not come back.

## What we ask for

- An **independent inquiry**, open to the families.
- Protection for everybody who gives evidence.
- Safe passage for those who have to leave.

One hundred days later nobody has been charged. Silence is what makes this possible, so we break it *together*, in one moment. [The reports](https://example.org/reports) have the facts.

> I want one thing: that somebody says aloud that this happened.`;

export const STORIES: Readonly<Record<string, string>> = {
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

export const STORY_RU = `Весной 2017 года газета сообщила, что в Чечне задерживают мужчин, которых сочли геями. Их держали в тайных тюрьмах, били и заставляли называть других. Некоторые не вернулись.

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

/** How pages about the campaign keep up with it, an hour before the moment. */
export const FOLLOW: FollowView = {
  href: '/c/chechnya-100/state',
  version: 'version-of-it',
  changes: ['2027-07-10T07:58:00.000Z', '2027-07-10T08:00:00.000Z'],
  refresh: null,
};

export function frame(locale: string, path: string): Frame {
  return {
    locale,
    lang: locale,
    languages: Object.entries(NAMES).map(([tag, name]) => ({
      tag,
      name,
      href: `${path}?lang=${tag}`,
      current: tag === locale,
    })),
  };
}

export function say(words: Readonly<Record<string, string>>, locale: string): string {
  return words[locale] ?? words.en ?? '';
}

export function textIn(locale: string): string {
  return MORE_TEXTS[locale] ?? say(TEXTS, locale);
}

const way = (name: string) => ({
  name: name.toLowerCase(),
  label: name,
  href: `https://${name}.example`,
});

/** For passing the reference campaign on. */
export const SHARE: ShareView = {
  link: 'https://tocsin.example/s/bcdfgh',
  ways: [
    ...['X', 'Facebook', 'Threads', 'Bluesky'].map(way),
    { name: 'mastodon', label: 'Mastodon', href: '/c/chechnya-100/share#server' },
    ...['Telegram', 'LinkedIn', 'WhatsApp'].map(way),
  ],
  mailHref: 'mailto:?subject=x&body=y',
};
