import { expect, it } from 'vitest';
import {
  DISK_RED,
  DISK_WARNING,
  type Finding,
  type HealthEvidence,
  judgeHealth,
} from '../../../src/domain/health/health.ts';

const NOW = new Date('2026-11-30T11:00:00Z');
const ago = (seconds: number) => new Date(NOW.getTime() - seconds * 1_000);

const WELL = {
  name: 'machine-1',
  startedSeconds: 600,
  seenSeconds: 3,
  sweptSeconds: 1,
  heardSeconds: 3,
  clockOffsetMs: 4,
};
const BACK = {
  queue: 'campaign',
  askedBy: 'machine-1',
  askedAt: ago(3),
  doneAt: ago(3),
  refusedAt: null,
  openSeconds: null,
};

function judge(
  change: Partial<HealthEvidence>,
): Pick<Finding, 'check' | 'level' | 'since' | 'about'>[] {
  const evidence: HealthEvidence = {
    ...{ now: NOW, queueIs: 'redis', processes: [WELL], canaries: [BACK], overdue: [], disks: [] },
    ...{ restoredAt: null, queueTrouble: null },
    ...change,
  };
  return judgeHealth(evidence).map(({ what, mend, ...rest }) => {
    // A clause, and a sentence.
    expect(what).toMatch(/^[a-z].*[^.]$/);
    expect(mend).toMatch(/^[A-Z].*\.$/);
    return rest;
  });
}

it('E1 finds nothing where everything was done lately, or a process has just begun', () => {
  expect(judge({})).toEqual([]);
  const young = { ...WELL, startedSeconds: 2, sweptSeconds: null, heardSeconds: null };
  expect(
    judge({ processes: [young], canaries: [{ ...BACK, doneAt: null, openSeconds: 2 }] }),
  ).toEqual([]);
});

it('E1 is red for a queue that refuses, or whose jobs do not come back, since the first of them', () => {
  const queue = (about: string[], since: number) => ({
    ...{ check: 'queue', level: 'red', about, since: ago(since) },
  });
  const refused = { ...BACK, askedAt: ago(7), refusedAt: ago(6) };
  expect(judge({ canaries: [refused, { ...refused, queue: 'fire-x' }] })).toEqual([
    queue(['campaign', 'fire-x'], 7),
  ]);
  const lost = { ...BACK, askedAt: ago(31), doneAt: ago(40), openSeconds: 31 };
  expect(judge({ canaries: [BACK, { ...lost, queue: 'mail' }] })).toEqual([queue(['mail'], 31)]);
  expect(judge({ canaries: [{ ...lost, askedAt: ago(29), openSeconds: 29 }] })).toEqual([]);
});

it('E1 is red without workers, and where a process does not sweep or hear', () => {
  expect(judge({ processes: [] })).toMatchObject([{ check: 'workers', level: 'red' }]);
  const silent = { ...WELL, name: 'machine-2', seenSeconds: 16 };
  expect(judge({ processes: [silent] })).toEqual([
    { check: 'workers', level: 'red', since: ago(16), about: ['machine-2'] },
  ]);
  expect(judge({ processes: [WELL, silent] })).toMatchObject([
    { check: 'workers', level: 'warning' },
  ]);
  expect(judge({ processes: [{ ...WELL, sweptSeconds: 20 }] })).toEqual([
    { check: 'sweep', level: 'red', since: ago(23), about: ['machine-1'] },
  ]);
  expect(judge({ processes: [{ ...WELL, startedSeconds: 16, heardSeconds: null }] })).toEqual([
    { check: 'notifications', level: 'red', since: ago(19), about: ['machine-1'] },
  ]);
});

it('E1 warns of a clock that is off, either way', () => {
  for (const clockOffsetMs of [101, -101]) {
    expect(judge({ processes: [{ ...WELL, clockOffsetMs }] })).toMatchObject([
      { check: 'clock', level: 'warning', about: ['machine-1'] },
    ]);
  }
});

it('A3 is red for a lock, a shard or a retry that is overdue, and not for posts that are under way', () => {
  for (const step of ['lock', 'arm', 'retry'] as const) {
    expect(judge({ overdue: [{ step, since: ago(6), seconds: 6 }] })).toEqual([
      { check: 'overdue', level: 'red', since: ago(6), about: [step] },
    ]);
    expect(judge({ overdue: [{ step, since: ago(5), seconds: 5 }] })).toEqual([]);
  }
  expect(judge({ overdue: [{ step: 'fire', since: ago(60), seconds: 60 }] })).toEqual([]);
});

it('R21 warns early of a disk that fills up, of bytes or of files, and tells what is red first', () => {
  const disk = { of: 'data', path: '/srv', freeBytes: DISK_WARNING, freeFiles: null } as const;
  expect(judge({ disks: [disk] })).toEqual([]);
  expect(judge({ disks: [{ ...disk, freeBytes: DISK_WARNING - 1 }] })).toMatchObject([
    { check: 'disk', level: 'warning', about: ['/srv'] },
  ]);
  for (const full of [{ freeBytes: DISK_RED - 1 }, { freeFiles: 0 }]) {
    expect(
      judge({
        disks: [
          { ...disk, freeBytes: DISK_WARNING - 1 },
          { ...disk, ...full },
        ],
      }),
    ).toMatchObject([{ level: 'red' }, { level: 'warning' }]);
  }
});

it('A16 is red while sending is held since a restore', () => {
  const found = { check: 'restored', level: 'red', since: ago(60), about: [] };
  expect(judge({ restoredAt: ago(60) })).toEqual([found]);
});
