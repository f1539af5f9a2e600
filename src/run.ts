import { setFlagsFromString } from 'node:v8';
import { ConfigurationError, DatabaseAwayError } from './domain/errors.ts';
import { onStopSignal } from './stop-signal.ts';

/** How long a stop may take before it is given up. The first signal drains; a second one ends at once. */
const DRAIN_MS = 30_000;

/**
 * What is to be cleared up may take as much room as what is in use. Unasked, V8 lets it take three times as much where a machine
 * has memory to spare: measured, 740 against 430 MiB for a burst of 100,000, whose posts are held for a second and then gone.
 */
const HEAP_GROWING = '--heap-growing-percent=100';

/**
 * Runs a process from start to stop. `start` gets a signal that is aborted on SIGTERM or SIGINT and gives back how to undo
 * itself. Exit 0 after a clean stop, 78 (EX_CONFIG, sysexits.h) with one line when it cannot start as configured, else 1.
 */
export async function runProcess(
  start: (stopping: AbortSignal) => Promise<() => Promise<void>>,
): Promise<void> {
  setFlagsFromString(HEAP_GROWING);
  const stopping = new AbortController();
  const asked = new Promise<void>((resolve) => {
    onStopSignal(() => {
      stopping.abort();
      resolve();
    });
  });
  try {
    const dispose = await start(stopping.signal);
    await asked;
    setTimeout(() => process.exit(1), DRAIN_MS).unref();
    await dispose();
    endSoon();
  } catch (error) {
    process.exitCode = failure(error);
    endSoon();
  }
}

/** What a failed start, or a server that did not answer, has left open must not keep the process. */
function endSoon(): void {
  setTimeout(() => process.exit(), 1_000).unref();
}

function failure(error: unknown): number {
  if (error instanceof ConfigurationError) {
    console.error(error.message);
    return 78;
  }
  // It went away while the process was starting.
  if (error instanceof DatabaseAwayError) {
    console.error(`DATABASE_URL: ${error.message}; see that it runs, and start again`);
    return 78;
  }
  console.error(error);
  return 1;
}
