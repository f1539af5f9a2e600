const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/** A signal that asks a process to stop. */
export type StopSignal = keyof typeof EXIT_CODES;

/**
 * Within this time a signal is the same one again, in milliseconds: Ctrl-C reaches every process of a terminal, and npm sends it on
 * to the one that it has started, a few milliseconds later.
 */
const REPEATED_MS = 1_000;

/** Calls `stop` on the first SIGTERM or SIGINT; a second one, if it is none of npm's, ends the process at once, with 1. */
export function onStopSignal(stop: (signal: StopSignal) => void): void {
  let firstAt: number | null = null;
  for (const name of Object.keys(EXIT_CODES) as StopSignal[]) {
    process.on(name, () => {
      if (firstAt === null) {
        firstAt = performance.now();
        stop(name);
      } else if (performance.now() - firstAt > REPEATED_MS) {
        process.exit(1);
      }
    });
  }
}

/** What a process exits with that was stopped before it was done, as a shell has it: 128 and the number of the signal. */
export function exitCodeForSignal(signal: StopSignal): number {
  return EXIT_CODES[signal];
}
