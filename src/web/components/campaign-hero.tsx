import { openEnds } from '../brief.ts';
import { formatDuration, formatNumber, languageName, momentWords } from '../format.ts';
import { direction, interfaceLocale, type Translate } from '../i18n.ts';
import type { CampaignView, ResultView } from '../views/campaign.ts';
import { CampaignPicture } from './campaign-picture.tsx';
import { Countdown } from './countdown.tsx';
import { MomentSentence } from './moment-sentence.tsx';
import { NAME, NameWithin } from './name-within.tsx';
import { Progress } from './progress.tsx';
import { Timetable } from './timetable.tsx';

interface HeroProps {
  view: CampaignView;
  t: Translate;
}

/** The poster: who calls, for what, to whom, and when. */
export function CampaignHero({ view, t }: HeroProps) {
  const { picture, textLocale, title } = view;
  return (
    <div class={picture ? 'hero hero-pictured' : 'hero'}>
      <div class="hero-words">
        <p class="byline">
          <NameWithin text={t('campaign.by', { organiser: NAME })} name={view.organiser.name} />
        </p>
        <h1 class={`poster ${posterSize(title)}`} lang={textLocale} dir={direction(textLocale)}>
          {title}
        </h1>
        <Addressee view={view} />
        <OtherLanguage {...{ view, t }} />
        <p class="hashtags">
          {view.hashtags.map((tag) => (
            <bdi>#{tag} </bdi>
          ))}
        </p>
      </div>
      {picture ? <CampaignPicture {...{ picture, textLocale, t }} /> : null}
      <section
        class={`moment ${momentClass(view)}`}
        aria-label={t('campaign.moment')}
        data-part="moment"
      >
        <Headline {...{ view, t }} />
        <MomentSentence locale={view.locale} moment={view.moment} t={t} />
        <Timetable locale={view.locale} moment={view.moment} yours={false} />
        {view.result ? null : <Joined {...{ view, t }} />}
      </section>
    </div>
  );
}

/** What stands in the block decides how it is parted on a wide screen. */
function momentClass({ state, options }: CampaignView): string {
  return state === 'open' && options.length > 0 ? 'moment-open' : 'moment-told';
}

function Addressee({ view }: { view: CampaignView }) {
  const { addressee, textLocale } = view;
  if (addressee === null) return null;
  return (
    <p class="addressee" lang={textLocale} dir={direction(textLocale)}>
      {addressee}
    </p>
  );
}

/** Between words, and around letters of scripts without blanks, where a line may end anywhere. */
const BREAKS =
  /[\s-]+|(?<=[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}\p{sc=Tibt}])/u;

/** Long words need smaller type to stay whole on a small phone; the longest of all are hyphenated. */
function posterSize(title: string): string {
  const longest = Math.max(...title.split(BREAKS).map((word) => [...word].length));
  if (longest > 22) return 'poster-tiny poster-hyphens';
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
        <Countdown until={view.moment.instant} days={view.daysLeft} t={t} />
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
    <div class="headline" data-headline>
      <p class="headline-word">{state === 'firing' ? t('time.now') : t(`state.${state}`)}</p>
      <p class="headline-text">{t(`campaign.${key}`)}</p>
    </div>
  );
}

/** Did it go out at all? */
function Settled({ view, t }: HeroProps) {
  const { result, locale } = view;
  if (!result) {
    return (
      <div class="headline">
        <p class="headline-word">{t('state.settled')}</p>
      </div>
    );
  }
  const posted = formatNumber(locale, result.posted);
  // Seven characters are what the largest size has room for on a small phone.
  const size = posted.length <= 7 ? 'headline-word headline-figure' : 'headline-word';
  const total = formatNumber(locale, result.total);
  const { unconfirmed: notKnown, stillToCome } = result;
  const ends = openEnds({ state: view.state, notKnown, stillToCome, locale }, t);
  return (
    <div class="headline" data-headline>
      <p class={size}>{posted}</p>
      <p class="headline-of">{t('result.of', { count: result.total, n: total })}</p>
      {ends.length > 0 ? (
        <p class="headline-of" data-not-known={result.unconfirmed}>
          {ends.join(' · ')}
        </p>
      ) : null}
      {result.lateness ? (
        <p class="headline-text">{latenessWords(result.lateness, locale, t)}</p>
      ) : null}
      {view.reach === null ? null : (
        <p class="headline-text" data-reach={view.reach}>
          {t('result.reach', { n: formatNumber(locale, view.reach) })}
        </p>
      )}
    </div>
  );
}

function latenessWords(
  { first, p50, max }: NonNullable<ResultView['lateness']>,
  locale: string,
  t: Translate,
): string {
  return t('result.lateness', {
    first: formatDuration(locale, first),
    half: formatDuration(locale, p50),
    last: formatDuration(locale, max),
  });
}

function Joined({ view, t }: HeroProps) {
  const { joined, goal, locale, options } = view;
  // Without a network to join with there is no count to show.
  if (joined === null && options.length === 0) return null;
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
