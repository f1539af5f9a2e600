import type { Translate } from '../i18n.ts';
import type { AssistedView, AssistedWayView } from '../views/assisted.ts';
import { ServerField } from './server-field.tsx';

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
  const where = way.requires === 'server' ? `${way.label} (${view.server.value})` : way.label;
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
      <input type="hidden" name="lang" value={view.lang} />
      {view.fields.map(({ name, value }) => (
        <input type="hidden" name={name} value={value} />
      ))}
      <ServerField
        id={`server-${way.name}`}
        platform={way.label}
        value={view.server.value}
        wrong={view.server.wrong}
        t={t}
      />
    </form>
  );
}
