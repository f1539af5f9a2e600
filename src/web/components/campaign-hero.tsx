import { formatNumber, languageName, momentWords } from '../format.ts';
import { direction, interfaceLocale, type Translate } from '../i18n.ts';
import type { CampaignView } from '../views.ts';
import { Countdown } from './countdown.tsx';
import { Progress } from './progress.tsx';
import { Timetable } from './timetable.tsx';

interface HeroProps {
  view: CampaignView;
  t: Translate;
}

/** The poster: who calls, for what, and when. */
export function CampaignHero({ view, t }: HeroProps) {
  return (
    <div class="hero">
      <p class="byline">{t('campaign.by', { organiser: view.organiser.name })}</p>
      <h1
        class={`poster ${posterSize(view.title)}`}
        lang={view.textLocale}
        dir={direction(view.textLocale)}
      >
        {view.title}
      </h1>
      <OtherLanguage {...{ view, t }} />
      <p class="hashtags">
        {view.hashtags.map((tag) => (
          <span>#{tag} </span>
        ))}
      </p>
      <section class="moment" aria-label={t('campaign.moment')}>
        <Headline {...{ view, t }} />
        <Timetable locale={view.locale} moment={view.moment} />
        {view.result ? null : <Joined {...{ view, t }} />}
      </section>
    </div>
  );
}

/** Long words need smaller type to stay whole on a small phone. */
function posterSize(title: string): string {
  const longest = Math.max(...title.split(/[\s-]+/u).map((word) => [...word].length));
  if (longest > 16) return 'poster-tiny';
  if (longest > 13) return 'poster-small';
  return longest > 9 ? 'poster-medium' : 'poster-large';
}

function OtherLanguage({ view, t }: HeroProps) {
  const locale = interfaceLocale(view.locale);
  if (view.textLocale.split('-')[0] === locale.split('-')[0]) return null;
  const language = languageName(locale, view.textLocale);
  return <p class="other-language">{t('campaign.other_language', { language })}</p>;
}

/** The largest thing on the page: time left, or what has become of the moment. */
function Headline({ view, t }: HeroProps) {
  const { state } = view;
  if (state === 'open' || state === 'locked') {
    return (
      <div class="headline">
        <p class="headline-clock">{momentWords(view.locale, view.moment).time}</p>
        <Countdown until={view.moment.instant} t={t} />
        {state === 'open' && view.options.length > 0 ? (
          <p>
            <a class="button" href={view.joinHref}>
              {t('campaign.join')}
            </a>
          </p>
        ) : null}
        {state === 'locked' ? <p class="headline-text">{t('campaign.locked')}</p> : null}
      </div>
    );
  }
  if (state === 'settled') return <Settled {...{ view, t }} />;
  const key = state === 'in_review' ? 'draft' : state;
  return (
    <div class="headline">
      <p class="headline-word">{state === 'firing' ? t('time.now') : t(`state.${state}`)}</p>
      <p class="headline-text">{t(`campaign.${key}`)}</p>
    </div>
  );
}

function Settled({ view, t }: HeroProps) {
  const { result, locale } = view;
  const posted = formatNumber(locale, result?.posted ?? 0);
  // Seven characters are what the largest size has room for on a small phone.
  const size = result && posted.length <= 7 ? 'headline-word headline-figure' : 'headline-word';
  return (
    <div class="headline">
      <p class={size}>{result ? posted : t('state.settled')}</p>
      {result ? <p class="headline-text">{t('result.posted', { count: result.posted })}</p> : null}
    </div>
  );
}

function Joined({ view, t }: HeroProps) {
  const { joined, goal, locale } = view;
  return (
    <div class="joined">
      <p class="joined-count">
        {joined === null
          ? t('campaign.joined_hidden')
          : t('campaign.joined', { count: joined, n: formatNumber(locale, joined) })}
      </p>
      <p class="joined-goal">{t('campaign.goal', { n: formatNumber(locale, goal) })}</p>
      <Progress value={joined ?? 0} of={goal} label={t('campaign.progress')} />
    </div>
  );
}
