import type { Translate } from '../i18n.ts';

interface ServerFieldProps {
  id: string;
  /** Of the network. */
  platform: string;
  value: string;
  wrong: boolean;
  t: Translate;
}

/** Where a network has many servers, people name theirs; with the button that sends it. */
export function ServerField({ id, platform, value, wrong, t }: ServerFieldProps) {
  return (
    <>
      <div class="field">
        <label for={id}>{t('assisted.server', { platform })}</label>
        <input
          id={id}
          name="server"
          type="text"
          inputmode="url"
          autocapitalize="none"
          autocomplete="off"
          dir="ltr"
          placeholder="mastodon.social"
          value={value}
          aria-invalid={wrong ? 'true' : undefined}
          aria-describedby={wrong ? `${id}-problem` : undefined}
        />
        {wrong ? (
          <p class="field-problem" id={`${id}-problem`}>
            {t('assisted.server_wrong')}
          </p>
        ) : null}
      </div>
      <button class="button button-quiet" type="submit">
        {t('assisted.server_button')}
      </button>
    </>
  );
}
