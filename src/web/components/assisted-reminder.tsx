import type { Translate } from '../i18n.ts';
import type { AssistedView } from '../views/assisted.ts';

/** Where an address can be left, what becomes of it, and nothing that is not so. */
export function AssistedReminder({ view, t }: { view: AssistedView; t: Translate }) {
  return (
    <section class="assisted-keep" aria-labelledby="reminder">
      <h2 id="reminder" class="rubric">
        {t('assisted.reminder')}
      </h2>
      <p>{t('assisted.reminder_text')}</p>
      <form class="fields" method="post" action={`${view.path}/reminder`}>
        <input type="hidden" name="lang" value={view.lang} />
        <div class="field">
          <label for="address">{t('assisted.reminder_label')}</label>
          <input
            id="address"
            name="address"
            type="email"
            autocomplete="email"
            aria-invalid={view.notice === 'wrong_address' ? 'true' : undefined}
            required
          />
        </div>
        <button class="button button-quiet" type="submit">
          {t('assisted.reminder_button')}
        </button>
      </form>
    </section>
  );
}
