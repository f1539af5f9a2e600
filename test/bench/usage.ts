import { readFile } from 'node:fs/promises';

/** What a process has used so far. */
export interface Usage {
  /** User and system time of all its threads, in microseconds; the kernel counts in steps of 10 ms. */
  cpuUs: number;
  /** The most memory it ever had resident, in MiB. */
  peakRssMib: number;
}

/** The kernel's USER_HZ, which is 100 wherever Node runs on Linux. */
export const US_PER_TICK = 10_000;

/** @throws where there is no /proc, or no such process. */
export async function readUsage(pid: number): Promise<Usage> {
  const [stat, status] = await Promise.all([
    readFile(`/proc/${pid}/stat`, 'utf8'),
    readFile(`/proc/${pid}/status`, 'utf8'),
  ]);
  // proc(5): utime and stime are fields 14 and 15; the name, field 2, may have blanks and ends with the last parenthesis.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  const peakKib = Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]);
  return { cpuUs: ticks * US_PER_TICK, peakRssMib: peakKib / 1024 };
}
