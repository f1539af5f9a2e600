import { readdir, readFile, readlink } from 'node:fs/promises';
import { basename } from 'node:path';
import { US_PER_TICK } from '../usage.ts';

/** A process as /proc shows it; proc(5). */
export interface ProcessUse {
  pid: number;
  /** Of its program: `node`, `postgres`. */
  program: string;
  /** Resident memory, in MiB: all of it, which counts what processes share once for each of them. */
  rssMib: number;
  /** Likewise, what is shared by several divided among them. */
  pssMib: number;
  /** User and system time of its threads, and of the processes that it has waited for, in microseconds. */
  cpuUs: number;
  /** How often each of its threads has gone to sleep by itself, by thread id: it was woken as often. */
  sleeps: ReadonlyMap<string, number>;
}

/** What a tree of processes did between two looks. */
export interface Activity {
  /** Microseconds of CPU. */
  cpuUs: number;
  /** Wake-ups of threads that were there at the end. */
  wakeUps: number;
}

/** A process and all that descend from it. @throws where there is no /proc. */
export async function readTree(root: number): Promise<ProcessUse[]> {
  const parents = await readParents();
  const isBelow = (pid: number): boolean => {
    const parent = parents.get(pid);
    return pid === root || (parent !== undefined && isBelow(parent));
  };
  const read = await Promise.all([...parents.keys()].filter(isBelow).map(readProcess));
  return read.filter((one) => one !== null);
}

/** Between two looks at the same tree. What a process that has ended did is in the time of the one that waited for it. */
export function activityBetween(
  before: readonly ProcessUse[],
  after: readonly ProcessUse[],
): Activity {
  const cpu = (look: readonly ProcessUse[]) => look.reduce((sum, { cpuUs }) => sum + cpuUs, 0);
  const slept = new Map(before.flatMap(({ sleeps }) => [...sleeps]));
  const woken = after.flatMap(({ sleeps }) =>
    [...sleeps].map(([thread, count]) => count - (slept.get(thread) ?? 0)),
  );
  return { cpuUs: cpu(after) - cpu(before), wakeUps: woken.reduce((a, b) => a + b, 0) };
}

async function readParents(): Promise<Map<number, number>> {
  const pids = (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry));
  const pairs = await Promise.all(
    pids.map(async (pid) => {
      const fields = await statOf(pid).catch(() => null);
      return fields && ([Number(pid), Number(fields[1])] as const);
    }),
  );
  return new Map(pairs.filter((pair) => pair !== null));
}

/** From the third field on: the name, the second, may have blanks and ends with the last parenthesis. */
async function statOf(pid: string): Promise<string[]> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

/** Null when it ends meanwhile. */
async function readProcess(pid: number): Promise<ProcessUse | null> {
  try {
    const [program, fields, memory, sleeps] = await Promise.all([
      readlink(`/proc/${pid}/exe`),
      statOf(String(pid)),
      readFile(`/proc/${pid}/smaps_rollup`, 'utf8'),
      readSleeps(pid),
    ]);
    const mib = (name: string) =>
      Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(memory)?.[1]) / 1024;
    // utime, stime, cutime and cstime are fields 14 to 17.
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
    return {
      pid,
      program: basename(program),
      rssMib: mib('Rss'),
      pssMib: mib('Pss'),
      cpuUs: ticks * US_PER_TICK,
      sleeps,
    };
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return null;
    throw error;
  }
}

async function readSleeps(pid: number): Promise<Map<string, number>> {
  const threads = await readdir(`/proc/${pid}/task`);
  const read = threads.map(async (thread) => {
    const status = await readFile(`/proc/${pid}/task/${thread}/status`, 'utf8').catch(() => '');
    const count = Number(/^voluntary_ctxt_switches:\s+(\d+)$/m.exec(status)?.[1] ?? 0);
    return [thread, count] as const;
  });
  return new Map(await Promise.all(read));
}
