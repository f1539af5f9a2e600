import type { AssistedView, AssistedWayView } from '../assisted-views.ts';
import type { Translate } from '../i18n.ts';
import { ExactText } from './exact-text.tsx';
import { SupporterField } from './supporter-field.tsx';
import { lengthWords } from './text-sheets.tsx';

interface TextsProps {
  view: AssistedView;
  t: Translate;
}

/** The exact text for each way, once where several would carry the same, with a button that copies it. */
export function AssistedTexts({ view, t }: TextsProps) {
  const texts = new Map<string, AssistedWayView[]>();
  for (const way of view.ways) texts.set(way.text, [...(texts.get(way.text) ?? []), way]);
  return (
    <section class="assisted-text" aria-labelledby="assisted-text">
      <h2 id="assisted-text" class="rubric">
        {t('assisted.text')}
      </h2>
      <Fields {...{ view, t }} />
      {[...texts].map(([text, ways]) => (
        <figure class="sheet">
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

function Fields({ view, t }: TextsProps) {
  if (view.fields.length === 0) return null;
  return (
    <form class="fields" method="get" action={view.path}>
      <p id="own-hint">{t('join.fields')}</p>
      <input type="hidden" name="lang" value={view.lang} />
      <input type="hidden" name="server" value={view.server.value} />
      {view.fields.map((field) => (
        <SupporterField {...{ field, t }} hint="own-hint" />
      ))}
      <button class="button button-quiet" type="submit">
        {t('join.preview')}
      </button>
    </form>
  );
}
