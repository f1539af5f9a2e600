import { createHttpClient } from './http-client.ts';
import type { NetworkClock } from './wire/network-clock.ts';

/** Asks networks for nothing but their time. */
export interface NetworkTimeClient {
  /**
   * Asks each host that has told its time before once more; where none has, every one of the configuration. Its clock hears of the
   * answers, whatever their status. Never rejects; returns when each has answered or run out of time.
   */
  refresh(): Promise<void>;
  /**
   * Where no host has told its time yet, as after a start: asks those of these networks, and those that are always asked, until one has
   * answered. Where none did it asks no more for a minute. Returns whether it has asked.
   */
  askFirst(platforms: readonly string[]): Promise<boolean>;
  /**
   * A second opinion where some hosts have told their time: asks those that have not, of the same networks and of those that are always
   * asked, and waits for all, each no more than once a minute. Returns whether one more has told it.
   */
  askOthers(): Promise<boolean>;
  dispose(): void;
}

/** Shorter than what lies between two questions. */
const TIMEOUT_MS = 4_000;
/** Networks that cannot be reached hold up nothing more often than this. Milliseconds. */
const FIRST_AGAIN_MS = 60_000;
/** The Date stands in the head; of a page behind it no more is read. */
const MAX_BYTES = 16 * 1024;

/** What stands in the operator's configuration of a network. */
export interface ConfiguredHosts {
  urls: readonly string[];
  /** Those at which there is an app of ours, or that are named for this. The others are none of our business unless something is to be sent there. */
  isAlwaysAsked: boolean;
}

/** `configured`: by network, with the addresses that `clock` has. */
export function createNetworkTimeClient(
  configured: ReadonlyMap<string, ConfiguredHosts>,
  clock: Pick<NetworkClock, 'observe' | 'opinion'>,
): NetworkTimeClient {
  const http = createHttpClient({
    ...{ timeoutMs: TIMEOUT_MS, maxBytes: MAX_BYTES },
    ...{ guard: null, onResponse: clock.observe },
  });
  const originsOf = (urls: readonly string[]): string[] => [
    ...new Set(urls.map((url) => new URL(url).origin)),
  ];
  const origins = originsOf([...configured.values()].flatMap(({ urls }) => urls));
  const known = (): string[] => {
    const hosts = clock.opinion().configured?.hosts ?? [];
    return origins.filter((origin) => hosts.includes(new URL(origin).host));
  };
  // A cache on the way would tell the time at which it was filled.
  const headers = { 'cache-control': 'no-cache' };
  const askOne = (origin: string) => http.request({ method: 'GET', url: `${origin}/`, headers });
  const isKnown = (): boolean => clock.opinion().configured !== null;
  const firsts = new Map<string, { at: number; answer: Promise<void> }>();
  const first = (origin: string): Promise<void> => {
    const asked = firsts.get(origin);
    if (asked && performance.now() - asked.at < FIRST_AGAIN_MS) return asked.answer;
    const answer = askOne(origin).then(() => undefined);
    firsts.set(origin, { at: performance.now(), answer });
    return answer;
  };
  return {
    refresh: async () => {
      const some = known();
      await Promise.allSettled((some.length > 0 ? some : origins).map(askOne));
    },
    askFirst: async (platforms) => {
      const meant = [...configured].filter(
        ([name, { isAlwaysAsked }]) => isAlwaysAsked || platforms.includes(name),
      );
      const some = originsOf(meant.flatMap(([, { urls }]) => urls));
      if (some.length === 0 || isKnown()) return false;
      const told = some.map(async (origin) => {
        await first(origin);
        if (!isKnown()) throw new Error(`${origin} does not tell its time`);
      });
      await Promise.any(told).catch(() => undefined);
      return true;
    },
    askOthers: async () => {
      const heard = known();
      const others = [...configured.values()].flatMap(({ urls, isAlwaysAsked }) => {
        const own = originsOf(urls);
        return isAlwaysAsked || own.some((origin) => heard.includes(origin)) ? own : [];
      });
      await Promise.allSettled(others.filter((origin) => !heard.includes(origin)).map(first));
      return known().length > heard.length;
    },
    dispose: () => http.dispose(),
  };
}
