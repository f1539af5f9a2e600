import { createAsker } from './ask.ts';
import type { NetworkClock } from './network-clock.ts';

/** Asks networks for nothing but their time. */
export interface TimeAsker {
  /**
   * Asks each host that has told its time before once more; where none has, every one of the configuration. Its clock hears of the
   * answers, whatever their status. Never rejects; returns when each has answered or run out of time.
   */
  ask(): Promise<void>;
  dispose(): void;
}

/** Shorter than what lies between two questions. */
const TIMEOUT_MS = 4_000;
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
  return {
    ask: async () => {
      const some = known();
      const asked = (some.length > 0 ? some : origins).map((origin) =>
        asker.ask({ method: 'GET', url: `${origin}/`, headers }),
      );
      await Promise.allSettled(asked);
    },
    dispose: () => asker.dispose(),
  };
}
