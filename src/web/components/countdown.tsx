import type { Translate } from '../i18n.ts';

const UNITS = ['days', 'hours', 'minutes', 'seconds'] as const;

interface CountdownProps {
  until: string;
  /** The server's clock as the page is made; without it the countdown goes by the visitor's. */
  now?: string;
  t: Translate;
  /** What the timer is called once it counts on past the moment; without it, it stops with a word. */
  since?: string;
}

/** Time left until an instant. Stands only where scripts run; quiet for screen readers unless asked. */
export function Countdown({ until, now, t, since }: CountdownProps) {
  return (
    <div
      class="countdown"
      role="timer"
      aria-live="off"
      aria-label={t('time.left')}
      data-countdown={until}
      data-now={now}
      data-over={t('time.now')}
      data-since={since}
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
