import type { Translate } from '../i18n.ts';

const UNITS = ['days', 'hours', 'minutes', 'seconds'] as const;

/** Time left until an instant. Stands only where scripts run; quiet for screen readers unless asked. */
export function Countdown({ until, t }: { until: string; t: Translate }) {
  return (
    <div
      class="countdown"
      role="timer"
      aria-live="off"
      aria-label={t('time.left')}
      data-countdown={until}
      data-over={t('time.now')}
    >
      {UNITS.map((unit) => (
        <span class="countdown-unit" data-unit={unit}>
          <span class="countdown-digits">{'\u2007\u2007'}</span>
          <span class="countdown-label">{t(`time.${unit}`)}</span>
        </span>
      ))}
    </div>
  );
}
