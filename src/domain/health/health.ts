/** Something about the instance that an operator has to mend, or should look at. */
export interface Finding {
  /** What was looked at: a stable word for programs. */
  check: HealthCheck;
  /** `red`: a promise is broken, or will be at the next moment. `warning`: it will be if nothing is done. */
  level: 'red' | 'warning';
  /** One sentence that names no person, campaign, machine or address, so that everybody may read it. */
  what: string;
  since: Date;
  /** One sentence. */
  mend: string;
  /** Processes, queues or folders that it is about: for operators alone. */
  about: readonly string[];
}

/** Why a database takes no writes: its server follows another one, or a setting says so. */
export type ReadOnly = 'standby' | 'setting';

export type HealthCheck =
  | 'database'
  | 'queue'
  | 'notifications'
  | 'sweep'
  | 'workers'
  | 'overdue'
  | 'clock'
  | 'zone-rules'
  | 'disk'
  | 'keys'
  | 'texts'
  | 'platforms'
  | 'joins'
  | 'challenges'
  | 'restored';

/**
 * What was seen of one process. Ages are in seconds, all but `seenSeconds` as they were at its last sign of life, so that a process
 * that is silent is not blamed for more; null: it had not happened yet.
 */
export interface ProcessEvidence {
  name: string;
  startedSeconds: number;
  seenSeconds: number;
  sweptSeconds: number | null;
  heardSeconds: number | null;
  clockOffsetMs: number;
}

/** What was seen of the jobs that one process sends round one queue. */
export interface CanaryEvidence {
  queue: string;
  askedBy: string;
  askedAt: Date;
  doneAt: Date | null;
  refusedAt: Date | null;
  openSeconds: number | null;
}

export interface OverdueEvidence {
  step: 'lock' | 'arm' | 'fire' | 'retry';
  since: Date;
  seconds: number;
}

/** Room on the disk that holds a folder. */
export interface DiskEvidence {
  /** Whose folder it is. */
  of: 'data' | 'database';
  path: string;
  freeBytes: number;
  /** Files that can still be made; null where the file system does not count them. */
  freeFiles: number | null;
}

/** Why a queue takes no jobs. Names no address. */
export interface QueueTrouble {
  /** The end of "since ...". */
  why: string;
  /** One sentence; null where no more than the usual is known. */
  mend: string | null;
}

/** All that is judged, read at `now` of the database's clock. */
export interface HealthEvidence {
  now: Date;
  queueIs: 'redis' | 'postgres';
  /** Null where the queue takes jobs or where the reason is not known. */
  queueTrouble: QueueTrouble | null;
  processes: readonly ProcessEvidence[];
  canaries: readonly CanaryEvidence[];
  overdue: readonly OverdueEvidence[];
  disks: readonly DiskEvidence[];
  /** Since when sending is held because the database was restored from a backup; null: it is not. */
  restoredAt: Date | null;
}

/** A process says that it lives every 5 s; three missed in a row are no coincidence. Seconds, as the next two. */
const SILENT = 15;
/** A job that has not come back by then: longer than the longest job of a queue keeps its workers busy as a rule. */
const CANARY_LATE = 30;
/** What is due is seen within a second and begun within another; a busy machine takes a little longer. */
const OVERDUE_LATE = 5;
/** From here on a clock is far enough off for an operator to look after it. Milliseconds. */
const CLOCK_OFF = 100;

const MEBIBYTE = 1024 * 1024;
/** Room below which an operator is warned, and below which the next moment is in danger. Bytes. */
export const DISK_WARNING = 2048 * MEBIBYTE;
export const DISK_RED = 256 * MEBIBYTE;
/** Likewise, of files. */
const FILES_RED = 1_000;

/** Everything that is not as it should be, what is red first. Says nothing where nothing was seen yet: a process may have just begun. */
export function judgeHealth(evidence: HealthEvidence): Finding[] {
  const found = [
    ...judgeProcesses(evidence),
    ...judgeQueues(evidence),
    ...judgeOverdue(evidence),
    ...judgeRestored(evidence),
    ...evidence.disks.flatMap((disk) => judgeDisk(disk, evidence.now)),
  ];
  return found.sort((a, b) => rank(a) - rank(b) || a.since.getTime() - b.since.getTime());
}

function rank({ level }: Finding): number {
  return level === 'red' ? 0 : 1;
}

/** That the database takes no writes explains whatever else looks amiss then, since nothing is written down. */
export function judgeReadOnly(why: ReadOnly, now: Date): Finding {
  return {
    check: 'database',
    level: 'red',
    what: 'the database is read-only, so nothing can be written down or sent',
    since: now,
    mend:
      why === 'standby'
        ? 'Its server is a standby: let DATABASE_URL name the primary, or promote it; no restart is needed for that.'
        : 'Switch default_transaction_read_only off where it was set (alter system, alter database or alter role), then select pg_reload_conf(); no restart is needed.',
    about: [],
  };
}

function judgeProcesses({ now, processes }: HealthEvidence): Finding[] {
  const alive = processes.filter((one) => one.seenSeconds <= SILENT);
  const silent = processes.filter((one) => one.seenSeconds > SILENT);
  const found: (Finding | null)[] = [
    group(silent, (one) => one.seenSeconds, now, {
      check: 'workers',
      level: alive.length === 0 ? 'red' : 'warning',
      what: 'a process has shown no sign of life',
      mend: 'See whether it still runs and answers, and start it again; what it held has been taken over by the others, if there are any.',
    }),
    group(alive.filter(isLate('sweptSeconds')), sinceThen('sweptSeconds'), now, {
      check: 'sweep',
      level: 'red',
      what: 'a process has not been through all that is due',
      mend: 'Its log says which step fails; start it again if it says nothing.',
    }),
    group(alive.filter(isLate('heardSeconds')), sinceThen('heardSeconds'), now, {
      check: 'notifications',
      level: 'red',
      what: 'a notification that a process sent to itself through the database did not come back, so stops may come late',
      mend: 'LISTEN needs a connection of its own: where a pooler stands before PostgreSQL, let DATABASE_URL lead past it, or to its session mode.',
    }),
    group(
      alive.filter((one) => Math.abs(one.clockOffsetMs) > CLOCK_OFF),
      () => 0,
      now,
      {
        check: 'clock',
        level: 'warning',
        what: 'the clock of a machine is not that of the database; posts go out by the database’s',
        mend: 'Let NTP set the clocks of all machines.',
      },
    ),
  ];
  if (processes.length === 0) {
    const what = 'no worker is running, so nothing will be sent';
    const mend = 'Start the instance, or a worker with: npm run worker.';
    found.push({ check: 'workers', level: 'red', what, mend, since: now, about: [] });
  }
  return found.filter((one) => one !== null);
}

/** How long ago it was, or, where it has not happened yet, the start. */
function ageOf(what: 'sweptSeconds' | 'heardSeconds') {
  return (one: ProcessEvidence): number => one[what] ?? one.startedSeconds;
}

function sinceThen(what: 'sweptSeconds' | 'heardSeconds') {
  return (one: ProcessEvidence): number => ageOf(what)(one) + one.seenSeconds;
}

function isLate(what: 'sweptSeconds' | 'heardSeconds') {
  return (one: ProcessEvidence): boolean => ageOf(what)(one) > SILENT;
}

/** One finding for all processes that it is true of, since the earliest. */
function group(
  processes: readonly ProcessEvidence[],
  seconds: (one: ProcessEvidence) => number,
  now: Date,
  finding: Omit<Finding, 'since' | 'about'>,
): Finding | null {
  if (processes.length === 0) return null;
  const longest = Math.max(...processes.map(seconds));
  const since = new Date(now.getTime() - longest * 1000);
  return { ...finding, since, about: processes.map(({ name }) => name) };
}

function judgeQueues({ canaries, queueIs, queueTrouble }: HealthEvidence): Finding[] {
  const lost = canaries.filter(
    ({ refusedAt, openSeconds }) => refusedAt !== null || (openSeconds ?? 0) > CANARY_LATE,
  );
  if (lost.length === 0) return [];
  const since = Math.min(
    ...lost.map(({ refusedAt, askedAt }) =>
      Math.min((refusedAt ?? askedAt).getTime(), askedAt.getTime()),
    ),
  );
  const refused = lost.some(({ refusedAt }) => refusedAt !== null);
  const trouble = refused ? queueTrouble : null;
  return [
    {
      check: 'queue',
      level: 'red',
      what: refused
        ? `the queue takes no jobs${trouble === null ? '' : `, since ${trouble.why}`}; every step is done without it`
        : 'the queue takes jobs that no worker is handed; every step is done without it',
      since: new Date(since),
      mend:
        trouble?.mend ??
        (queueIs === 'redis'
          ? 'See whether Redis runs, may be written to, has memory left, is the one that REDIS_URL names, and is used by no other instance.'
          : 'The queue is in the database: see whether that is full or out of connections; else start the process again.'),
      about: [...new Set(lost.map(({ queue }) => queue))],
    },
  ];
}

const OVERDUE: Readonly<Partial<Record<OverdueEvidence['step'], string>>> = {
  lock: 'a campaign has not been locked, though it is time',
  arm: 'posts are due, and no worker has taken them',
  retry: 'posts that had to wait have not been taken up again',
};

function judgeOverdue({ overdue }: HealthEvidence): Finding[] {
  return overdue.flatMap(({ step, since, seconds }): Finding[] => {
    const what = OVERDUE[step];
    if (what === undefined || seconds <= OVERDUE_LATE) return [];
    const mend =
      'See whether a worker runs and whether the database is slow; their logs say which step fails.';
    return [{ check: 'overdue', level: 'red', what, since, mend, about: [step] }];
  });
}

function judgeRestored({ restoredAt }: HealthEvidence): Finding[] {
  if (restoredAt === null) return [];
  const what =
    'the database was restored from a backup, so nothing is sent until an operator lets it';
  const mend =
    'Let it go on under /ops, or with: npm run tocsin -- instance release, once every post since the backup has been looked for.';
  return [{ check: 'restored', level: 'red', what, since: restoredAt, mend, about: [] }];
}

function judgeDisk(disk: DiskEvidence, now: Date): Finding[] {
  const { freeBytes, freeFiles } = disk;
  const isRed = freeBytes < DISK_RED || (freeFiles !== null && freeFiles < FILES_RED);
  if (!isRed && freeBytes >= DISK_WARNING) return [];
  const where = disk.of === 'data' ? 'DATA_DIR' : 'the database';
  const free = `${Math.floor(freeBytes / MEBIBYTE)} MiB`;
  return [
    {
      check: 'disk',
      level: isRed ? 'red' : 'warning',
      what: `the disk of ${where} is nearly full: ${free} are free${freeFiles === 0 ? ', and no file can be made' : ''}`,
      since: now,
      mend: `Make room, or move ${where} to a larger disk, before the next moment; nothing is sent that cannot be written down.`,
      about: [disk.path],
    },
  ];
}
