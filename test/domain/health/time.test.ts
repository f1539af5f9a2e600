import { expect, it } from 'vitest';
import { judgeTime, type TimeEvidence } from '../../../src/domain/health/time.ts';

const NOW = new Date('2026-11-30T11:00:00Z');
const WELL: TimeEvidence['processes'][number] = {
  name: 'machine-1',
  zoneRules: '2026f',
  networkOffsetMs: 120,
  namedOffsetMs: -300,
  networkOff: false,
};

function judge(change: Partial<TimeEvidence>): string[] {
  const found = judgeTime({
    now: NOW,
    processes: [WELL],
    zones: { version: '2026f', published: new Date('2026-10-29'), faults: [] },
    momentsHeld: [],
    ...change,
  });
  return found.map(({ check, level, what, mend, about }) => {
    // A clause, and a sentence; public, so without names.
    expect(what).toMatch(/^[a-z].*[^.]$/);
    expect(mend).toMatch(/^[A-Z].*\.$/);
    expect(what + mend).not.toMatch(/machine-\d|\/usr/);
    return `${check} ${level}: ${what} (${about.join()})`;
  });
}

it('A2 finds nothing where clocks agree, or nobody has answered', () => {
  expect(judge({})).toEqual([]);
  const silent = { ...WELL, networkOffsetMs: null, namedOffsetMs: null };
  expect(judge({ processes: [silent] })).toEqual([]);
});

it('A2 is red for a clock that the configured networks contradict, and warns where only named servers do', () => {
  const off = { ...WELL, networkOffsetMs: -90_000, networkOff: true };
  expect(judge({ processes: [off] })).toEqual([
    'clock red: our clock is 90.0 s ahead of the networks’ own (machine-1)',
  ]);
  expect(judge({ processes: [{ ...off, networkOffsetMs: 3_400 }] })).toEqual([
    'clock red: our clock is 3.4 s behind the networks’ own (machine-1)',
  ]);
  const named = { ...WELL, networkOffsetMs: null, namedOffsetMs: -90_000 };
  expect(judge({ processes: [named] })).toEqual([
    'clock warning: servers that supporters named have another time than we, by 90.0 s (machine-1)',
  ]);
  // What the configured ones say is worth more.
  expect(judge({ processes: [{ ...WELL, namedOffsetMs: -90_000 }] })).toEqual([]);
});

it('A1 warns of rules that are damaged, old or not the same everywhere, and is red for a moment in doubt', () => {
  const fault = { what: '/usr/share/zoneinfo/Africa/Casablanca is damaged', mend: 'Mend it.' };
  const zones = { version: '2026f', published: new Date('2026-10-29'), faults: [fault] };
  expect(judge({ zones })).toEqual([
    'zone-rules warning: a source of time zone rules cannot be relied upon (/usr/share/zoneinfo/Africa/Casablanca is damaged)',
  ]);
  expect(judge({ zones: { ...zones, faults: [], published: new Date('2026-01-01') } })).toEqual([
    'zone-rules warning: the rules of time zones are 333 days old (2026f) ()',
  ]);
  const older = { ...WELL, name: 'machine-2', zoneRules: '2025c' };
  expect(judge({ processes: [WELL, older] })).toEqual([
    'zone-rules warning: processes go by different rules of time zones; the newest are 2026f (machine-2)',
  ]);
  expect(judge({ momentsHeld: [NOW] })).toEqual([
    'zone-rules red: the moment of a campaign is in doubt, so that it is held ()',
  ]);
});
