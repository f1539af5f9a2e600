import { textHash } from '../../domain/consent.ts';
import { dayAndClock, formatNumber, momentWords } from '../format.ts';
import type { Translate } from '../i18n.ts';
import type { CampaignView, JoinField, JoinOption } from '../views.ts';
import { ExactText } from './exact-text.tsx';
import { Facts, platformNames } from './facts.tsx';
import { JoinWays, SilentButton } from './join-ways.tsx';
import { Safety } from './safety.tsx';

interface JoinProps {
  view: CampaignView;
  t: Translate;
}

/** The text, what one agrees to, and the button. Everything is one form and works without scripts. */
export function JoinForm({ view, t }: JoinProps) {
  if (view.state !== 'open') return <ClosedText {...{ view, t }} />;
  if (view.options.length === 0) return <NoWay t={t} />;
  const path = `/c/${encodeURIComponent(view.slug)}`;
  return (
    <section id="join" class="join" aria-labelledby="join-heading">
      <form class="join-form" method="post" action={`${path}/join`}>
        <SilentButton {...{ view, t }} />
        <div class="join-text">
          <h2 id="join-heading">{t('join.heading')}</h2>
          <Notice {...{ view, t }} />
          <Fields {...{ view, t }} />
          <Texts {...{ view, t }} />
          <p class="join-exact">{t('join.exact')}</p>
        </div>
        <Facts {...{ view, t }} />
        <div class="join-act">
          <Safety t={t} />
          <div class="join-go">
            <Hidden view={view} />
            <JoinWays {...{ view, t }} />
            <p class="join-next">
              {t('join.next', { platform: platformNames(view.options, view.locale) })}
            </p>
            <p class="join-closes">{t('join.closes', { when: closing(view) })}</p>
          </div>
        </div>
      </form>
    </section>
  );
}

/** No network is connected to this instance, so there is nothing to press. */
function NoWay({ t }: { t: Translate }) {
  return (
    <section id="join" class="join join-closed" aria-labelledby="join-heading">
      <div class="join-text">
        <h2 id="join-heading">{t('join.none')}</h2>
        <p>{t('join.none_text')}</p>
      </div>
    </section>
  );
}

function ClosedText({ view, t }: JoinProps) {
  if (view.options.length === 0) return null;
  return (
    <section class="join join-closed" aria-labelledby="join-heading">
      <div class="join-text">
        <h2 id="join-heading">{t('join.heading_closed')}</h2>
        <Texts {...{ view, t }} />
      </div>
    </section>
  );
}

function Notice({ view, t }: JoinProps) {
  if (!view.notice) return null;
  return (
    <p class="warning" role="alert">
      {t(`join.${view.notice}`)}
    </p>
  );
}

function Fields({ view, t }: JoinProps) {
  if (view.fields.length === 0) return null;
  return (
    <fieldset class="fields">
      <p id="fields-hint">{t('join.fields')}</p>
      {view.fields.map((field) => (
        <Field field={field} label={t(`join.${field.name}`)} />
      ))}
      <button class="button button-quiet" type="submit" formmethod="post" name="show" value="text">
        {t('join.preview')}
      </button>
    </fieldset>
  );
}

function Field({ field, label }: { field: JoinField; label: string }) {
  const { name, value, problem } = field;
  return (
    <div class="field">
      <label for={`field-${name}`}>{label}</label>
      <input
        id={`field-${name}`}
        name={name}
        type="text"
        value={value}
        autocomplete={name === 'name' ? 'name' : 'off'}
        aria-describedby={problem ? `problem-${name} fields-hint` : 'fields-hint'}
        aria-invalid={problem ? 'true' : undefined}
      />
      {problem ? (
        <p class="field-problem" id={`problem-${name}`}>
          {problem}
        </p>
      ) : null}
    </div>
  );
}

/** Platforms that would post the same text share one; otherwise each text says where it goes. */
function Texts({ view, t }: JoinProps) {
  const texts = groupByText(view.options);
  return (
    <>
      {[...texts].map(([text, options]) => (
        <figure class="sheet">
          {texts.size > 1 ? (
            <p class="sheet-on">
              {t('join.on', { platform: platformNames(options, view.locale) })}
            </p>
          ) : null}
          <ExactText text={text} locale={view.textLocale} />
          <figcaption>
            {options.map((option) => (
              <span class="sheet-length">{lengthWords(option, view, t)}</span>
            ))}
          </figcaption>
        </figure>
      ))}
    </>
  );
}

function groupByText(options: readonly JoinOption[]): Map<string, JoinOption[]> {
  const groups = new Map<string, JoinOption[]>();
  for (const option of options) {
    groups.set(option.text, [...(groups.get(option.text) ?? []), option]);
  }
  return groups;
}

function lengthWords(option: JoinOption, view: CampaignView, t: Translate): string {
  const length = formatNumber(view.locale, option.length);
  const limit = formatNumber(view.locale, option.limit);
  return `${option.label}: ${t('join.length', { length, limit })}`;
}

/** What the route needs to know: the languages, and the fingerprint of each text as it was shown. */
function Hidden({ view }: { view: CampaignView }) {
  const [only, ...others] = view.options;
  return (
    <>
      <input type="hidden" name="lang" value={view.locale} />
      <input type="hidden" name="text_locale" value={view.textLocale} />
      {view.options.map(({ platform, text }) => (
        <input type="hidden" name={`shown_${platform}`} value={textHash(text)} />
      ))}
      {only && others.length === 0 ? (
        <input type="hidden" name="platform" value={only.platform} />
      ) : null}
    </>
  );
}

function closing(view: CampaignView): string {
  const { zone } = momentWords(view.locale, view.moment);
  return `${dayAndClock(view.locale, view.closesAt, view.moment.zone)} (${zone})`;
}
