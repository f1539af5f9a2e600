import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkMoment, momentAt, resolveMoment } from '../../../src/domain/moment.ts';
import { parseTzString } from '../../../src/domain/zone/tz-string.ts';
import { readZoneFile, ZoneFileError } from '../../../src/domain/zone/zone-file.ts';
import { readZonePackage } from '../../../src/domain/zone/zone-package.ts';
import {
  compareVersions,
  createZoneRules,
  RUNTIME_RULES,
  RUNTIME_ZONES,
  type ZoneSource,
  zoneNames,
} from '../../../src/domain/zone/zone-rules.ts';
import { createZoneKeeper } from '../../../src/zones/zone-keeper.ts';
import { zoneFile } from '../../support/zone-files.ts';
import { problemsOf } from '../problems.ts';

/** A source in which every zone named has one offset, in minutes east, for ever. */
function fixed(
  kind: ZoneSource['kind'],
  version: string | null,
  zones: Readonly<Record<string, number>>,
): ZoneSource {
  return {
    ...{ kind, version, published: null },
    spelling: (name) =>
      Object.keys(zones).find((zone) => zone.toLowerCase() === name.toLowerCase()) ?? null,
    offset: (zone) => zones[zone] ?? null,
  };
}

const CASABLANCA = { at: '2026-12-10T11:00', zone: 'Africa/Casablanca' };
const utc = (input: typeof CASABLANCA, ...sources: ZoneSource[]) =>
  resolveMoment(input, createZoneRules(sources)).instant.toISOString().slice(0, 16);

describe('A1 the newest known rules decide', () => {
  const old = fixed('runtime', '2025c', { 'Africa/Casablanca': 60 });
  const fresh = fixed('system', '2026f', { 'Africa/Casablanca': 0 });

  it('A1 gives 11:00Z in Casablanca where 2026f is known, in whatever order the sources come', () => {
    expect(utc(CASABLANCA, old)).toBe('2026-12-10T10:00');
    expect(utc(CASABLANCA, old, fresh)).toBe('2026-12-10T11:00');
    expect(utc(CASABLANCA, fresh, old)).toBe('2026-12-10T11:00');
    expect(resolveMoment(CASABLANCA, createZoneRules([old, fresh])).tzdata).toBe('2026f');
  });

  it('A1 is right in Casablanca and Vancouver with what is installed here, whatever the runtime knows', () => {
    const rules = createZoneKeeper({ systemDir: '/nowhere' }).current();
    const at = '2026-12-10T11:00';
    const instantIn = (zone: string) => resolveMoment({ at, zone }, rules).instant.toISOString();
    expect(rules.version >= '2026f').toBe(true);
    expect(instantIn('Africa/Casablanca')).toBe('2026-12-10T11:00:00.000Z');
    expect(instantIn('America/Vancouver')).toBe('2026-12-10T18:00:00.000Z');
    expect(instantIn('Africa/El_Aaiun')).toBe('2026-12-10T11:00:00.000Z');
    expect(instantIn('Canada/Pacific')).toBe('2026-12-10T18:00:00.000Z');
    expect(resolveMoment({ at: '2017-07-10T11:00', zone: 'Europe/Moscow' }, rules).instant).toEqual(
      new Date('2017-07-10T08:00:00Z'),
    );
    expect(momentAt(new Date('2026-12-10T11:00:00Z'), 'Africa/Casablanca', rules).wall).toBe(
      '2026-12-10T11:00:00',
    );
  });

  it('A1 takes a zone from the one source that has it, and its spelling too', () => {
    const only = fixed('system', '2025b', { 'Antarctica/Newbase': 150 });
    const moment = resolveMoment(
      { at: '2026-12-10T11:00', zone: 'antarctica/newbase' },
      createZoneRules([fresh, only]),
    );
    expect(moment).toMatchObject({ zone: 'Antarctica/Newbase', tzdata: '2025b' });
    expect(moment.instant.toISOString()).toBe('2026-12-10T08:30:00.000Z');
  });

  it('A1 leaves the time after the end of a newer list to an older source that has rules for it', () => {
    const json = JSON.stringify({
      version: '2026f',
      zones: [
        'Europe/Paris|CET CEST|-10 -20|01|2h000|',
        'Africa/Casablanca|+01 +00|-10 0|01|2a000|',
      ],
      links: ['Europe/Paris|Europe/Monaco'],
    });
    const source = readZonePackage(json, () => null);
    expect(source.offset('Europe/Monaco', Date.UTC(2000, 0, 1))).toBe(60);
    expect(source.offset('Europe/Monaco', Date.UTC(2300, 0, 1))).toBeNull();
    expect(source.offset('Africa/Casablanca', Date.UTC(2300, 0, 1))).toBe(0);
    expect(source.spelling('europe/MONACO')).toBe('Europe/Monaco');
    expect(zoneNames(createZoneRules([source]), 'Europe/Monaco')).toEqual([
      'Europe/Monaco',
      'Europe/Paris',
    ]);
  });

  it('A1 knows which edition is the newer one', () => {
    const order = [null, '2024z', '2025a', '2025c', '2025z', '2025aa', '2026a', '2026f'];
    for (const [index, version] of order.entries()) {
      for (const [other, with_] of order.entries()) {
        expect(Math.sign(compareVersions(version, with_))).toBe(Math.sign(index - other));
      }
    }
  });

  it('A1 gives back every instant of every zone from its wall time, or asks which is meant', () => {
    const rules = createZoneKeeper({ systemDir: '/nowhere' }).current();
    const zones = Intl.supportedValuesOf('timeZone');
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: 1_577_836_800, max: 2_145_916_800 }),
        (zone, seconds) => {
          const shown = momentAt(new Date(seconds * 1_000), zone, rules);
          const given = (['earlier', 'later'] as const).map((occurrence) =>
            resolveMoment({ at: shown.wall, zone, occurrence }, rules).instant.getTime(),
          );
          expect(given).toContain(seconds * 1_000);
          expect(checkMoment(shown, rules).readings[0]?.instant).toEqual(shown.instant);
        },
      ),
      { numRuns: 500 },
    );
  });

  it.each(['2026-03-29T02:30', '2026-10-25T02:30'])(
    'A1 keeps the rules of gaps and folds: %s',
    (at) => {
      const rules = createZoneKeeper({ systemDir: '/nowhere' }).current();
      const zone = 'Europe/Paris';
      const said = (by: typeof rules) => problemsOf(() => resolveMoment({ at, zone }, by)).join();
      expect(said(rules)).toBe(said(RUNTIME_RULES));
      expect(said(rules)).toMatch(/does not exist|exists twice/);
    },
  );
});

describe('A1 a stored moment held against the rules', () => {
  const stored = {
    wall: '2026-12-10T11:00:00',
    zone: 'Africa/Casablanca',
    instant: new Date('2026-12-10T10:00:00Z'),
    tzdata: '2025c',
  };
  const runtime = fixed('runtime', '2025c', { 'Africa/Casablanca': 60 });
  const check = (...sources: ZoneSource[]) => checkMoment(stored, createZoneRules(sources));

  it('A1 is sure while every source that counts agrees', () => {
    expect(check(runtime).isSure).toBe(true);
    expect(check(runtime, fixed('system', '2025c', { 'Africa/Casablanca': 60 })).isSure).toBe(true);
    // An older edition does not count, whatever it says.
    expect(check(runtime, fixed('system', '2025b', { 'Africa/Casablanca': 0 })).isSure).toBe(true);
  });

  it.each([['2026f'], ['2025c'], [null]])(
    'A1 is in doubt when a source of version %s differs',
    (version) => {
      const { isSure, readings } = check(
        runtime,
        fixed('system', version, { 'Africa/Casablanca': 0 }),
      );
      expect(isSure).toBe(false);
      const other = readings.find(
        ({ instant }) => instant?.toISOString() === '2026-12-10T11:00:00.000Z',
      );
      expect(other?.sources).toEqual([`system ${version ?? 'of unknown version'}`]);
    },
  );

  it('A1 says nothing by rules that are older than those of the stored instant', () => {
    const moment = { ...stored, instant: new Date('2026-12-10T11:00:00Z'), tzdata: '2026f' };
    expect(checkMoment(moment, createZoneRules([runtime]))).toMatchObject({
      isSure: true,
      readings: [],
    });
  });

  it('A1 says so when the wall time does not exist any more', () => {
    const changed = readZoneFile(
      zoneFile({ offset: 60, changes: [['2026-12-10T09:30:00Z', 120]] }),
    );
    const source: ZoneSource = {
      ...fixed('system', '2026g', { 'Africa/Casablanca': 0 }),
      offset: (_zone, ms) => changed(ms / 1_000) / 60,
    };
    const at = { ...stored, wall: '2026-12-10T11:00:00' };
    expect(checkMoment(at, createZoneRules([runtime, source])).readings).toEqual([
      { instant: null, sources: ['system 2026g'] },
    ]);
  });

  it('A1 takes either instant of a wall time that exists twice', () => {
    for (const occurrence of ['earlier', 'later'] as const) {
      const moment = resolveMoment({ at: '2026-10-25T02:30', zone: 'Europe/Paris', occurrence });
      expect(checkMoment(moment, RUNTIME_RULES).isSure).toBe(true);
    }
  });
});

describe('A1 compiled zone files', () => {
  const paris = zoneFile({
    offset: 60,
    changes: [
      ['2026-03-29T01:00:00Z', 120],
      ['2026-10-25T01:00:00Z', 60],
    ],
    footer: 'CET-1CEST,M3.5.0,M10.5.0/3',
  });

  it('A1 give what the runtime gives, by their list and by their footer', () => {
    const read = readZoneFile(paris);
    fc.assert(
      fc.property(fc.integer({ min: 1_770_000_000, max: 2_500_000_000 }), (at) => {
        expect(read(at) / 60).toBe(RUNTIME_ZONES.offset('Europe/Paris', at * 1_000));
      }),
    );
  });

  it.each([
    ['Asia/Jerusalem', 'IST-2IDT,M3.4.4/26,M10.5.0'],
    ['America/Nuuk', '<-02>2<-01>,M3.5.0/-1,M10.5.0/0'],
    ['Australia/Lord_Howe', '<+1030>-10:30<+11>-11,M10.1.0,M4.1.0'],
    ['Asia/Kathmandu', '<+0545>-5:45'],
    ['America/New_York', 'EST5EDT,M3.2.0,M11.1.0'],
    ['Europe/Dublin', 'IST-1GMT0,M10.5.0,M3.5.0/1'],
  ])('A1 have a footer that is read right: %s', (zone, text) => {
    const rule = parseTzString(text);
    fc.assert(
      fc.property(fc.integer({ min: 1_900_000_000, max: 2_500_000_000 }), (at) => {
        expect((rule?.(at) ?? Number.NaN) / 60).toBe(RUNTIME_ZONES.offset(zone, at * 1_000));
      }),
    );
  });

  it('A1 are refused when cut short or overwritten, and never give another time', () => {
    const times = [0, 1_800_000_000, 1_790_000_000];
    const right = readZoneFile(paris);
    for (let length = 0; length < paris.length; length++) {
      expect(() => readZoneFile(paris.subarray(0, length))).toThrow(ZoneFileError);
    }
    expect(() =>
      readZoneFile(Buffer.from('not a zone file at all, but long enough for a head of one')),
    ).toThrow();
    expect(times.map(right)).toEqual([3_600, 3_600, 7_200]);
    expect(() => readZonePackage('{"version":"2026f"}', () => null)).toThrow(ZoneFileError);
    expect(() => readZonePackage('<html>', () => null)).toThrow(ZoneFileError);
  });
});
