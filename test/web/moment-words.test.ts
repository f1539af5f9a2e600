import { describe, expect, it } from 'vitest';
import { dayAndClock, momentWords, zoneAndUtc } from '../../src/web/format.ts';
import ru from '../../src/web/locales/ru.json' with { type: 'json' };

const INSTANT = '2026-11-30T22:24:00.000Z';

describe('C6 a date and a time of day', () => {
  it.each([
    ['ar', 'الاثنين، 30 نوفمبر 2026، 22:24'],
    ['en', 'Monday, 30 November 2026, 22:24'],
    ['de', 'Montag, 30. November 2026, 22:24'],
  ])('have the comma of the language between them: %s', (locale, words) => {
    expect(dayAndClock(locale, INSTANT, 'UTC')).toBe(words);
    const moment = { instant: INSTANT, wall: '2026-12-01T01:24:00', zone: 'Europe/Moscow' };
    expect(momentWords(locale, moment).utc).toBe(words);
  });

  it('are said once to operators where the campaign’s zone is UTC', () => {
    const at = (zone: string, wall: string) => {
      const moment = { instant: INSTANT, wall, zone };
      return zoneAndUtc(moment, momentWords('en', moment));
    };
    expect(at('UTC', '2026-11-30T22:24:00')).toBe('UTC');
    expect(at('Etc/UTC', '2026-11-30T22:24:00')).toBe('UTC');
    expect(at('Europe/Paris', '2026-11-30T23:24:00')).toBe('Europe/Paris, 22:24 UTC');
  });
});

it('C6 a post has one name in Russian, which no private message has', () => {
  const said = JSON.stringify(ru.receipt) + JSON.stringify(ru.choose);
  expect(said).not.toMatch(/сообщени/);
});
