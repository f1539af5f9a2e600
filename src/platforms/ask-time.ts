import { createAsker } from './ask.ts';
import type { NetworkClock } from './network-clock.ts';

/** Asks networks for nothing but their time. */
export interface TimeAsker {
  /**
   * Asks each host that has told its time before once more; where none has, every one of the configuration. Its clock hears of the
   * answers, whatever their status. Never rejects; returns when each has answered or run out of time.
   */
  ask(): Promise<void>;
  /**
   * The same where no host has told its time yet, as after a start; whoever calls it meanwhile waits for the same answers. Where none
   * came it asks no more for a minute. Returns whether it has asked.
   */
  askFirst(): Promise<boolean>;
  dispose(): void;
}

/** Shorter than what lies between two questions. */
const TIMEOUT_MS = 4_000;
/** Networks that cannot be reached hold up nothing more often than this. Milliseconds. */
const FIRST_AGAIN_MS = 60_000;
/** The Date stands in the head; of a page behind it no more is read. */
const MOST_BYTES = 16 * 1024;

/** `configured`: addresses that stand in the operator's configuration, as `clock` has them. */
export function createTimeAsker(
  configured: readonly string[],
  clock: Pick<NetworkClock, 'heard' | 'opinion'>,
): TimeAsker {
  const asker = createAsker({
    ...{ timeoutMs: TIMEOUT_MS, mostBytes: MOST_BYTES },
    ...{ guard: null, heard: clock.heard },
  });
  const origins = [...new Set(configured.map((url) => new URL(url).origin))];
  const known = (): string[] => {
    const hosts = clock.opinion().configured?.hosts ?? [];
    return origins.filter((origin) => hosts.includes(new URL(origin).host));
  };
  // A cache on the way would tell the time at which it was filled.
  const headers = { 'cache-control': 'no-cache' };
  const ask = async (): Promise<void> => {
    const some = known();
    const asked = (some.length > 0 ? some : origins).map((origin) =>
      asker.ask({ method: 'GET', url: `${origin}/`, headers }),
    );
    await Promise.allSettled(asked);
  };
  let first: { at: number; answers: Promise<void> } | null = null;
  return {
    ask,
    askFirst: async () => {
      if (clock.opinion().configured !== null) return false;
      if (first === null || performance.now() - first.at > FIRST_AGAIN_MS) {
        first = { at: performance.now(), answers: ask() };
      }
      await first.answers;
      return true;
    },
    dispose: () => asker.dispose(),
  };
}
