import type { Translate } from '../i18n.ts';
import { platformNames } from '../platform-names.ts';
import type { AssistedView } from '../views/assisted.ts';
import { WarningLine } from './content-warning.tsx';
import { ExactText } from './exact-text.tsx';
import { SupporterFieldInput } from './supporter-field.tsx';
import { groupPosts, lengthWords } from './text-sheets.tsx';

interface TextsProps {
  view: AssistedView;
  t: Translate;
}

/** The exact text for each way, once where several would carry the same, with a button that copies it. */
export function AssistedTexts({ view, t }: TextsProps) {
  return (
    <section class="assisted-text" aria-labelledby="assisted-text">
      <h2 id="assisted-text" class="rubric">
        {t('assisted.text')}
      </h2>
      <Fields {...{ view, t }} />
      {groupPosts(view.ways).map(({ text, contentWarning: warning, on: ways }) => (
        <figure class="sheet">
          {warning === undefined ? null : (
            <ByHand {...{ warning, platform: platformNames(ways, view.locale), view, t }} />
          )}
          <ExactText text={text} locale={view.textLocale} />
          <p class="copy" hidden>
            <button
              class="button button-quiet"
              type="button"
              data-copy
              data-copied={t('assisted.copied')}
            >
              {t('assisted.copy')}
            </button>
          </p>
          <figcaption>
            {ways.map((way) => (
              <span class="sheet-length">{lengthWords(way, view.locale, t)}</span>
            ))}
          </figcaption>
        </figure>
      ))}
    </section>
  );
}

interface ByHandProps extends TextsProps {
  warning: string;
  platform: string;
}

/** No composer takes a content warning from a link. */
function ByHand({ warning, platform, view, t }: ByHandProps) {
  return (
    <>
      <WarningLine
        label={t('warning.label_on', { platform })}
        {...{ warning, locale: view.textLocale }}
      />
      <p class="content-warning-hint">{t('warning.by_hand', { platform })}</p>
    </>
  );
}

function Fields({ view, t }: TextsProps) {
  if (view.fields.length === 0) return null;
  return (
    <form class="fields" method="get" action={view.path}>
      <p id="own-hint">{t('join.fields')}</p>
      <input type="hidden" name="lang" value={view.lang} />
      <input type="hidden" name="server" value={view.server.value} />
      {view.fields.map((field) => (
        <SupporterFieldInput {...{ field, t }} hint="own-hint" />
      ))}
      <button class="button button-quiet" type="submit">
        {t('join.preview')}
      </button>
    </form>
  );
}
