/** True in `npm run test:full`, which tries every language, page and case; the other commands try some of each. */
export const FULL = process.env.TEST_TIER === 'full';

/** Registers tests that only `npm run test:full` has the time for. */
export function onlyInFull(register: () => void): void {
  if (FULL) register();
}

/** All of these in `npm run test:full`, else the first `count`. */
export function firstOf<T>(all: readonly T[], count: number): T[] {
  return FULL ? [...all] : all.slice(0, count);
}
