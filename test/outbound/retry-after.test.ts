import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_WAIT_MS, resetAt, retryAt } from '../../src/outbound/retry-after.ts';
import type { ResponseHeaders } from '../../src/outbound/wire/response-parser.ts';
import { FUZZ_RUNS } from '../support/fuzz.ts';

const NOW = new Date('2027-03-01T12:00:00.000Z');
const NOW_S = NOW.getTime() / 1000;
const FALLBACK_S = 900;
const at = (ahead: number): Date => new Date(NOW.getTime() + ahead * 1000);

describe('how long a platform wants to be left alone', () => {
  const rows: [string, ResponseHeaders, number][] = [
    ['nothing', {}, FALLBACK_S],
    ['seconds', { 'retry-after': '120' }, 120],
    ['seconds with a fraction', { 'retry-after': '1.5' }, 1.5],
    ['seconds with blanks around', { 'retry-after': ' 120 ' }, 120],
    ['at once', { 'retry-after': '0' }, 1],
    ['a date', { 'retry-after': at(120).toUTCString() }, 120],
    ['a date of RFC 850', { 'retry-after': 'Monday, 01-Mar-27 12:02:00 GMT' }, 120],
    ['a date that is past', { 'retry-after': at(-1).toUTCString() }, FALLBACK_S],
    ['negative seconds', { 'retry-after': '-120' }, FALLBACK_S],
    ['thirty years', { 'retry-after': '1000000000' }, FALLBACK_S],
    ['thirty years in short', { 'retry-after': '1e9' }, FALLBACK_S],
    ['more digits than a number has', { 'retry-after': '9'.repeat(400) }, FALLBACK_S],
    ['a day and an hour', { 'retry-after': '90000' }, 90_000],
    ['a second more', { 'retry-after': '90001' }, FALLBACK_S],
    ['a date in a year', { 'retry-after': at(31_536_000).toUTCString() }, FALLBACK_S],
    ['a word', { 'retry-after': 'soon' }, FALLBACK_S],
    ['nothing at all in it', { 'retry-after': '' }, FALLBACK_S],
    ['a number in other digits', { 'retry-after': '١٢٠' }, FALLBACK_S],
    ['hexadecimal', { 'retry-after': '0x78' }, FALLBACK_S],
    ['Infinity', { 'retry-after': 'Infinity' }, FALLBACK_S],
    ['two of them', { 'retry-after': ['60', '120'] }, 60],
    ['none of them', { 'retry-after': [] }, FALLBACK_S],
    ['a reset', { 'x-rate-limit-reset': String(NOW_S + 700) }, 700],
    ['a reset as a date', { 'x-rate-limit-reset': at(700).toISOString() }, 700],
    ['a reset that is past', { 'x-rate-limit-reset': String(NOW_S - 5) }, FALLBACK_S],
    ['a reset now', { 'x-rate-limit-reset': String(NOW_S) }, FALLBACK_S],
    ['a reset in milliseconds', { 'x-rate-limit-reset': String(NOW.getTime()) }, FALLBACK_S],
    ['a reset of a word', { 'x-rate-limit-reset': 'NaN' }, FALLBACK_S],
    [
      'both, and the later counts',
      { 'retry-after': '60', 'x-rate-limit-reset': String(NOW_S + 700) },
      700,
    ],
    [
      'both, and one is absurd',
      { 'retry-after': '1000000000', 'x-rate-limit-reset': String(NOW_S + 700) },
      700,
    ],
    [
      'a reset of a window with something left',
      {
        'retry-after': '60',
        'x-rate-limit-remaining': '5',
        'x-rate-limit-reset': String(NOW_S + 700),
      },
      60,
    ],
    [
      'a reset by a clock 30 s behind ours',
      { date: at(-30).toUTCString(), 'x-rate-limit-reset': String(NOW_S + 670) },
      700,
    ],
    [
      'a reset by a clock ahead of ours',
      { date: at(30).toUTCString(), 'x-rate-limit-reset': String(NOW_S + 700) },
      700,
    ],
    [
      'a reset by a clock of another century',
      { date: 'Thu, 01 Jan 1970 00:00:00 GMT', 'x-rate-limit-reset': String(NOW_S + 700) },
      700,
    ],
  ];
  for (const [what, headers, seconds] of rows) {
    it(`${what}: ${seconds} s`, () => {
      expect(retryAt(headers, NOW, FALLBACK_S * 1000)).toEqual(at(seconds));
    });
  }

  it('reads the reset that it is asked for', () => {
    const headers = { 'x-app-limit-24hour-reset': String(NOW_S + 80_000) };
    expect(resetAt(headers, 'x-app-limit-24hour-reset', NOW, 1_000)).toEqual(at(80_000));
    expect(resetAt(headers, 'x-user-limit-24hour-reset', NOW, 1_000)).toEqual(at(1));
  });

  const value = fc.oneof(
    fc.string(),
    fc.integer().map(String),
    fc.double().map(String),
    fc.bigInt().map(String),
    fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
    fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    fc.integer({ min: -100_000, max: 100_000 }).map((ahead) => at(ahead).toUTCString()),
    fc.integer({ min: -100_000, max: 100_000 }).map((ahead) => String(NOW_S + ahead)),
    fc.array(fc.string()),
    fc.constant(undefined),
  );
  const named = fc.constantFrom(
    ...['retry-after', 'date', 'x-rate-limit-reset', 'x-rate-limit-remaining', '__proto__'],
  );

  it('is always ahead of now, and never by more than 25 hours', () => {
    fc.assert(
      fc.property(fc.dictionary(named, value), (headers) => {
        const ahead = retryAt(headers, NOW, 1).getTime() - NOW.getTime();
        expect(ahead).toBeGreaterThan(0);
        expect(ahead).toBeLessThanOrEqual(MAX_WAIT_MS);
      }),
      { numRuns: FUZZ_RUNS },
    );
  });

  it('takes every sane number of seconds for what it is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 90_000 }), (seconds) => {
        for (const form of [String(seconds), at(seconds).toUTCString()]) {
          expect(retryAt({ 'retry-after': form }, NOW, 1)).toEqual(at(seconds));
        }
        const reset = { 'x-rate-limit-reset': String(NOW_S + seconds) };
        expect(retryAt(reset, NOW, 1)).toEqual(at(seconds));
      }),
    );
  });
});
