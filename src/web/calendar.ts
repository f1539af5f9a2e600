import { createEvent } from 'ics';
import { translator } from './i18n.ts';

export interface CalendarView {
  locale: string;
  /** ISO 8601, UTC. */
  instant: string;
  /** The same for every copy, so that a calendar that gets it twice has it once. */
  uid: string;
  /** An address that says nothing of what it leads to. */
  url: string;
}

const LONG_MINUTES = 15;
/** Minutes before the moment at which the calendar speaks up. */
const ALARMS = [10, 1];

/**
 * The moment as a calendar file (RFC 5545). Calendars are shared with families and employers, so title, description and
 * address are neutral; the entry is private, and nobody is shown as busy.
 */
export function calendarFile({ locale, instant, uid, url }: CalendarView): string {
  const t = translator(locale);
  const title = t('calendar.title');
  const { error, value } = createEvent({
    uid,
    productId: 'tocsin',
    start: Date.parse(instant),
    startInputType: 'utc',
    startOutputType: 'utc',
    duration: { minutes: LONG_MINUTES },
    title,
    description: t('calendar.text', { url }),
    url,
    classification: 'PRIVATE',
    busyStatus: 'FREE',
    transp: 'TRANSPARENT',
    alarms: ALARMS.map((minutes) => ({
      action: 'display' as const,
      description: title,
      trigger: { minutes, before: true },
    })),
  });
  if (value === null) throw error ?? new Error('A calendar file came out empty');
  return value;
}
