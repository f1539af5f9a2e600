/** Places where a test can have this process die, exactly there. */
export const CRASH_POINTS = [
  'in-create',
  'in-join',
  'in-lock',
  'after-lock',
  'after-lease',
  'before-mark',
  'after-mark',
  'after-first-byte',
  'mid-body',
  'after-answer',
  'mid-commit',
  'after-commit',
  'in-refresh',
  'in-settle',
  'in-revoke',
  'in-destroy',
  'after-destroy',
  'rotation-draft-written',
  'rotation-renamed',
  'rotation-begun',
  'rotation-sealed',
  'rotation-committed',
] as const;
export type CrashPoint = (typeof CRASH_POINTS)[number];

/** Passes a crash point. Does nothing but for the process that was told to die there. */
export interface Crash {
  (point: CrashPoint): void;
  /** True when the next pass of this point ends the process, for code that has to come to it in another way. */
  isNext(point: CrashPoint): boolean;
}

/**
 * `at` is `POINT:N`: SIGKILL at the Nth pass of that point; '' for never, which is what every process outside of a test has.
 * Nothing is flushed, closed or told: that is the point of it.
 */
export function createCrash(at: string): Crash {
  const [point, nth] = at.split(':');
  let left = Number(nth ?? 1);
  const crash = (passed: CrashPoint): void => {
    if (passed !== point) return;
    left--;
    if (left === 0) process.kill(process.pid, 'SIGKILL');
  };
  return Object.assign(crash, { isNext: (next: CrashPoint) => next === point && left === 1 });
}
