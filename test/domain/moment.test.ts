import fc from 'fast-check';
import { DateTime } from 'luxon';
import { describe, expect, test } from 'vitest';
import { momentAt, refusePast, resolveMoment } from '../../src/domain/moment.ts';
import { createZoneRules, RUNTIME_ZONES } from '../../src/domain/zone/zone-rules.ts';
import { FUZZ_RUNS } from '../support/fuzz.ts';
import { problemsOf } from './problems.ts';

const refusal = (at: string, zone: string) => problemsOf(() => resolveMoment({ at, zone })).join();

describe('resolveMoment', () => {
  test('takes the reference moment to its instant', () => {
    expect(resolveMoment({ at: '2017-07-10T11:00', zone: 'Europe/Moscow' })).toEqual({
      wall: '2017-07-10T11:00:00',
      zone: 'Europe/Moscow',
      instant: new Date('2017-07-10T08:00:00.000Z'),
      tzdata: process.versions.tz,
    });
  });

  test.each([
    ['2017-07-10 11:00', 'Europe/Moscow', '2017-07-10T08:00:00.000Z'],
    ['2017-07-10T11:00:30', 'UTC', '2017-07-10T11:00:30.000Z'],
    ['2027-01-01T00:00', 'Asia/Kathmandu', '2026-12-31T18:15:00.000Z'],
    ['2027-03-28T03:00', 'Europe/Paris', '2027-03-28T01:00:00.000Z'],
    ['2027-03-28T01:59:59', 'Europe/Paris', '2027-03-28T00:59:59.000Z'],
    ['2027-07-01T12:00', 'Europe/Kyiv', '2027-07-01T09:00:00.000Z'],
  ])('%s in %s is %s', (at, zone, instant) => {
    expect(resolveMoment({ at, zone }).instant.toISOString()).toBe(instant);
  });

  test('spells a listed zone as IANA does', () => {
    expect(resolveMoment({ at: '2027-01-01T00:00', zone: 'europe/paris' }).zone).toBe(
      'Europe/Paris',
    );
  });

  test.each([
    ['Europe/Pariss', 'Europe/Paris'],
    ['Moscow', 'Europe/Moscow'],
    ['new york', 'America/New_York'],
  ])('does not know the zone %s and suggests %s', (zone, meant) => {
    expect(refusal('2027-01-01T00:00', zone)).toMatch(
      /^moment\.zone: .*not an IANA time zone name/,
    );
    expect(refusal('2027-01-01T00:00', zone)).toContain(meant);
  });

  test.each([
    'UTC+3',
    'EST5',
    'EST5EDT',
    'CET',
    '+03:00',
    'Z',
    '',
    'Mars/Olympus_Mons',
    '../etc/passwd',
  ])('refuses "%s", which is no place', (zone) =>
    expect(refusal('2027-01-01T00:00', zone)).toMatch(/^moment\.zone: /),
  );

  test.each(['tomorrow', '', '2027-01-01', '11:00', '2027-1-1T1:00', '10.07.2027 11:00'])(
    'refuses "%s", which is no wall time',
    (at) => expect(refusal(at, 'UTC')).toMatch(/^moment\.at: .*is not a date and time/),
  );

  test.each(['2027-02-30T10:00', '2027-13-01T10:00', '2027-01-01T24:00', '2027-01-01T10:60'])(
    'refuses %s, which is on no calendar or clock',
    (at) => expect(refusal(at, 'UTC')).toMatch(/^moment\.at: .*not on any calendar or clock/),
  );

  test.each([
    '2027-01-01T10:00Z',
    '2027-01-01T10:00:00+01:00',
    '2027-01-01T10:00+01:00[Europe/Paris]',
  ])('refuses %s for its offset', (at) =>
    expect(refusal(at, 'Europe/Paris')).toMatch(/^moment\.at: .*offset/),
  );

  test.each([
    ['12:00 2031-06-01', 'has the time before the date; write the date first: 2031-06-01T12:00'],
    ['9:00, 2031-06-01', 'has the time before the date; write the date first: 2031-06-01T09:00'],
    ['12:00 01.06.2031', 'has the time before the date; write the date first: 2017-07-10T12:00'],
    ['01.06.2031 12:00', 'is not a date and time with the year first'],
    ['6/1/2031 12:00', 'is not a date and time with the year first'],
    ['01-06-2031T12:00', 'is not a date and time with the year first'],
    ['2031-06-01T12:00+02', 'carries an offset'],
    ['2031-06-01 12:00 -0300', 'carries an offset'],
    ['2031-06-01T12:00PM', 'is not a date and time'],
    ['2031-06-01', 'is not a date and time'],
  ])('says what is wrong with "%s"', (at, says) =>
    expect(refusal(at, 'Europe/Paris')).toContain(`moment.at: "${at}" ${says}`),
  );

  test.each([
    ['2031-6-1T9:00', 'month, day and hour need two digits; write 2031-06-01T09:00'],
    ['2031-06-1T09:00', 'day needs two digits; write 2031-06-01T09:00'],
    ['2031-06-01 9:5', 'hour and minute need two digits; write 2031-06-01T09:05'],
    ['2031-06-01', 'its time is missing; write 2031-06-01T11:00'],
    ['2031-06-01T12', 'its minutes are missing; write 2031-06-01T12:00'],
    ['2031-06-01T12.30', 'its time needs a colon; write 2031-06-01T12:30'],
    ['2031-06-01 12h30', 'its time needs a colon; write 2031-06-01T12:30'],
    ['2031/06/01 12:00', 'its date needs hyphens; write 2031-06-01T12:00'],
    ['2031–06–01 12:00', 'its date needs hyphens; write 2031-06-01T12:00'],
    [
      '2031.6.1 12:00',
      'month and day need two digits, and its date needs hyphens; write 2031-06-01T12:00',
    ],
    ['2031-06-01T09:15PM', 'its hours have to go to 24, without am and pm; write 2031-06-01T21:15'],
    ['2031-06-01, 12:00', 'a comma stands in it; write 2031-06-01T12:00'],
    ['٢٠٣١-٠٦-٠١T١٢:٠٠', 'its digits are not 0 to 9; write 2031-06-01T12:00'],
    ['२०३१-६-१ ९:००', 'its digits are not 0 to 9; write 2031-06-01T09:00'],
    ['２０３１-06-01T12:00', 'its digits are not 0 to 9; write 2031-06-01T12:00'],
  ])('C9 names the part of "%s" that cannot be read', (at, says) => {
    expect(refusal(at, 'UTC')).toBe(`moment.at: "${at}" is not a date and time: ${says}`);
    const mend = says.split('write ')[1] ?? '';
    expect(resolveMoment({ at: mend, zone: 'UTC' }).wall).toContain(mend);
  });

  test('C9 offers no date that is on no calendar', () => {
    expect(refusal('2031-2-30T9:00', 'UTC')).toContain('; write it as 2017-07-10T11:00');
  });

  test('tells of a wrong zone and a wrong time together', () => {
    const problems = problemsOf(() => resolveMoment({ at: 'noon', zone: 'Nowhere' }));
    expect(problems.map((problem) => problem.split(':')[0])).toEqual(['moment.zone', 'moment.at']);
  });
});

describe('a wall time that does not exist', () => {
  test('is refused with the hour that is skipped', () => {
    const problem = refusal('2027-03-28T02:30', 'Europe/Paris');
    expect(problem).toMatch(/^moment\.at: .*does not exist in Europe\/Paris/);
    expect(problem).toContain('from 2027-03-28T02:00:00 straight to 2027-03-28T03:00:00');
  });

  test('is refused where half an hour, or a whole day, is skipped', () => {
    expect(refusal('2027-10-03T02:15', 'Australia/Lord_Howe')).toContain('2027-10-03T02:30:00');
    expect(refusal('2011-12-30T12:00', 'Pacific/Apia')).toContain(
      'from 2011-12-30T00:00:00 straight to 2011-12-31T00:00:00',
    );
  });
});

describe('a wall time that exists twice', () => {
  const at = '2027-10-31T02:30';
  const zone = 'Europe/Paris';

  test('is refused with both instants until one is chosen', () => {
    const problem = refusal(at, zone);
    expect(problem).toMatch(/^moment\.occurrence: .*exists twice/);
    expect(problem).toContain('2027-10-31T00:30:00Z');
    expect(problem).toContain('2027-10-31T01:30:00Z');
  });

  test('is taken when one is chosen', () => {
    const instant = (occurrence: 'earlier' | 'later') =>
      resolveMoment({ at, zone, occurrence }).instant.toISOString();
    expect(instant('earlier')).toBe('2027-10-31T00:30:00.000Z');
    expect(instant('later')).toBe('2027-10-31T01:30:00.000Z');
  });
});

describe('over all zones and times', () => {
  const zones = fc.constantFrom(
    ...Intl.supportedValuesOf('timeZone').filter((z) => z.includes('/')),
  );
  const seconds = fc.integer({ min: 2 * 86_400, max: Date.UTC(2060, 0, 1) / 1000 });

  test('an instant shown on a wall and read back is that instant, or is asked about', () => {
    fc.assert(
      fc.property(zones, seconds, (zone, s) => {
        const shown = momentAt(new Date(s * 1000), zone);
        const there = DateTime.fromMillis(s * 1000, { zone }).getPossibleOffsets();
        const instants = (['earlier', 'later'] as const).map((occurrence) =>
          resolveMoment({ at: shown.wall, zone, occurrence }).instant.getTime(),
        );
        expect(instants).toContain(s * 1000);
        const asked = problemsOf(() => resolveMoment({ at: shown.wall, zone })).length > 0;
        expect(asked).toBe(there.length > 1);
      }),
      { numRuns: FUZZ_RUNS },
    );
  });

  test('a wall time is resolved to an instant that shows it, or is refused', () => {
    fc.assert(
      fc.property(zones, seconds, (zone, s) => {
        const at = new Date(s * 1000).toISOString().slice(0, 19);
        let wall = at;
        const problems = problemsOf(() => {
          const { instant } = resolveMoment({ at, zone, occurrence: 'later' });
          wall = momentAt(instant, zone).wall;
        });
        expect(wall).toBe(at);
        const moved = DateTime.fromISO(at, { zone }).toFormat("yyyy-MM-dd'T'HH:mm:ss") !== at;
        expect(problems.length > 0).toBe(moved);
      }),
      { numRuns: FUZZ_RUNS },
    );
  });
});

describe('momentAt', () => {
  test('goes up to the whole second', () => {
    const moment = momentAt(new Date('2027-01-01T00:00:00.001Z'), 'Asia/Kathmandu');
    expect(moment.instant.toISOString()).toBe('2027-01-01T00:00:01.000Z');
    expect(moment.wall).toBe('2027-01-01T05:45:01');
  });

  test('keeps a whole second as it is', () => {
    const instant = new Date('2027-01-01T00:00:01.000Z');
    expect(momentAt(instant, 'UTC').instant).toEqual(instant);
  });

  test('refuses an unknown zone', () => {
    expect(problemsOf(() => momentAt(new Date(0), 'UTC+3')).join()).toMatch(/^moment\.zone: /);
  });
});

describe('refusePast', () => {
  const moment = resolveMoment({ at: '2017-07-10T11:00', zone: 'Europe/Moscow' });

  test.each(['2017-07-10T08:00:00.000Z', '2026-11-21T00:00:00.000Z'])('refuses it at %s', (now) => {
    expect(problemsOf(() => refusePast(moment, new Date(now))).join()).toMatch(
      /^moment\.at: is in the past.*2017-07-10T08:00:00Z/,
    );
  });

  test('takes it a millisecond before', () => {
    expect(problemsOf(() => refusePast(moment, new Date('2017-07-10T07:59:59.999Z')))).toEqual([]);
  });
});

describe('C9 a name that newer rules do not have', () => {
  const known = ['America/Los_Angeles', 'America/Regina', 'Europe/Paris'];
  const newer = createZoneRules([
    RUNTIME_ZONES,
    {
      ...RUNTIME_ZONES,
      kind: 'package',
      version: '2099a',
      spelling: (name) => known.find((zone) => zone === name) ?? null,
      offset: (zone, atMs) => (known.includes(zone) ? RUNTIME_ZONES.offset(zone, atMs) : null),
    },
  ]);
  const at = '2027-12-20T11:00';
  test.each([
    ['US/Pacific-New', 'America/Los_Angeles'],
    ['us/pacific-new', 'America/Los_Angeles'],
    ['Canada/East-Saskatchewan', 'America/Regina'],
  ])('C9 %s is refused where JavaScript alone has it, by older rules', (zone, meant) => {
    const problems = (rules = newer) => problemsOf(() => resolveMoment({ at, zone }, rules));
    expect(problems().join()).toMatch(
      `IANA has given up, and newer rules do not have; did you mean ${meant}`,
    );
    expect(problemsOf(() => momentAt(new Date(), zone, newer)).join()).toContain(meant);
    const asNew = createZoneRules([{ ...RUNTIME_ZONES, version: '2099b' }, ...newer.sources]);
    expect(resolveMoment({ at, zone }, asNew).zone.toLowerCase()).toBe(zone.toLowerCase());
  });

  test.each(['Europe/Paris ', ' Europe/Paris', '\tEurope/Paris'])(
    'C9 %j has a blank too many',
    (zone) =>
      expect(refusal(at, zone)).toMatch(
        /has a blank before or behind the name; did you mean Europe\/Paris/,
      ),
  );
});
