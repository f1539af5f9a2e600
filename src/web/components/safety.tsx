import type { Translate } from '../i18n.ts';

/** Said to everybody before the button: who will see it, who should not join, what else one can do. */
export function Safety({ t }: { t: Translate }) {
  return (
    <div class="safety">
      <h3>{t('join.safety')}</h3>
      <p>{t('join.safety_public')}</p>
      <p>
        <strong>{t('join.safety_dont')}</strong>
      </p>
      <p>{t('join.safety_instead')}</p>
    </div>
  );
}
