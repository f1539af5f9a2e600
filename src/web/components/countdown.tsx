import type { Translate } from '../i18n.ts';

const UNITS = ['days', 'hours', 'minutes', 'seconds'] as const;

/** More days than this are shown in three digits. */
const LONG_DAYS = 99;

interface CountdownProps {
  until: string;
  /** The server's clock as the page is made; without it the countdown goes by the visitor's. */
  now?: string;
  t: Translate;
  /** Whole days left, about: they decide how much room the days take, so that nothing moves when the script fills them in. */
  days?: number;
  /** What the timer is called once it counts on past the moment; without it, it stops with a word. */
  since?: string;
}

/** Time left until an instant. Stands only where scripts run; quiet for screen readers unless asked. */
export function Countdown({ until, now, days = 1, t, since }: CountdownProps) {
  const long = days > LONG_DAYS;
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
      data-long={long ? '' : undefined}
    >
      {UNITS.map((unit) => (
        <span class="countdown-unit" data-unit={unit} hidden={unit === 'days' && days === 0}>
          <span class="countdown-digits">{unit === 'days' && long ? '000' : '00'}</span>
          <span class="countdown-label">{t(`time.${unit}`)}</span>
        </span>
      ))}
    </div>
  );
}
