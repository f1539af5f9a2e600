import type { AssistedView, AssistedWayView } from '../assisted-views.ts';
import type { Translate } from '../i18n.ts';

interface WaysProps {
  view: AssistedView;
  t: Translate;
}

/** One big button for each network: it opens that network's own composer. */
export function AssistedWays({ view, t }: WaysProps) {
  return (
    <>
      <ul class="own-ways">
        {view.ways.map((way) => (
          <li class="own-way">
            {way.href === null ? <Server {...{ view, t, way }} /> : <Open {...{ way, t, view }} />}
          </li>
        ))}
      </ul>
      <p>{t('assisted.elsewhere')}</p>
    </>
  );
}

function Open({ way, t, view }: { way: AssistedWayView; t: Translate; view: AssistedView }) {
  const where = way.asks === 'server' ? `${way.label} (${view.server.value})` : way.label;
  return (
    <>
      <a
        class="button button-way"
        href={way.href ?? undefined}
        target="_blank"
        rel="noopener noreferrer"
        data-way={way.name}
      >
        {t('assisted.open', { platform: where })}
      </a>
      {way.carries === 'link' ? (
        <p class="way-note">{t('assisted.paste', { platform: way.label })}</p>
      ) : null}
      {way.byHandOnly ? (
        <p class="way-note">{t('assisted.by_hand_only', { platform: way.label })}</p>
      ) : null}
    </>
  );
}

/** Where a network has many servers, the supporter names theirs; the page then comes back with its button. */
function Server({ view, t, way }: WaysProps & { way: AssistedWayView }) {
  return (
    <form class="way-server" method="get" action={view.path}>
      <input type="hidden" name="lang" value={view.locale} />
      {view.fields.map(({ name, value }) => (
        <input type="hidden" name={name} value={value} />
      ))}
      <div class="field">
        <label for={`server-${way.name}`}>{t('assisted.server', { platform: way.label })}</label>
        <input
          id={`server-${way.name}`}
          name="server"
          type="text"
          inputmode="url"
          autocapitalize="none"
          autocomplete="off"
          placeholder="mastodon.social"
          value={view.server.value}
          aria-invalid={view.server.wrong ? 'true' : undefined}
          aria-describedby={view.server.wrong ? 'server-problem' : undefined}
        />
        {view.server.wrong ? (
          <p class="field-problem" id="server-problem">
            {t('assisted.server_wrong')}
          </p>
        ) : null}
      </div>
      <button class="button button-quiet" type="submit">
        {t('assisted.server_button')}
      </button>
    </form>
  );
}
