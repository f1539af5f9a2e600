import { NotFoundError } from '../domain/errors.ts';

/** What was made a moment ago, for everybody who asks: one of a thousand who ask at once has it made. */
export interface StaleWhileRevalidate<T> {
  /**
   * What is kept under `key`, or what `make` gives. @throws what `make` throws, where there is nothing young enough to give
   * instead. NotFoundError always counts: what is not there any more is not shown from memory.
   */
  get(key: string, make: () => Promise<T>): Promise<T>;
}

export interface StaleWhileRevalidateOptions {
  /**
   * Milliseconds for which a thing is given as it is, by how long it took to make. Until twice that it is still given, while a
   * new one is being made; older than that, the caller waits for the new one.
   */
  freshMs(tookMs: number): number;
  /** The most things kept; those made longest ago are forgotten first. */
  maxEntries: number;
  /** A clock in milliseconds that never goes back. */
  now?: () => number;
}

/** The longest that a caller waits for a new value while there is an old one. */
const WAIT_MS = 250;
/** How long the old value is given while no new one can be had. */
const KEEP_MS = 60_000;
/** After a failure, the time until the next try. */
const RETRY_MS = 500;

interface CachedValue<T> {
  value: T;
  /** When making it began: what it tells is at least as new as that. */
  at: number;
  freshMs: number;
}

interface CacheEntry<T> {
  made: CachedValue<T> | null;
  revalidation: Revalidation<T> | null;
  retryAt: number;
}

interface Revalidation<T> {
  done: Promise<T>;
  /** Resolves when callers that have an old value shall wait no longer. */
  enough: Promise<void>;
  late: boolean;
}

export function createStaleWhileRevalidate<T>(
  options: StaleWhileRevalidateOptions,
): StaleWhileRevalidate<T> {
  const now = options.now ?? (() => performance.now());
  const shelf = createEntries<T>(options.maxEntries);
  const begin = (key: string, entry: CacheEntry<T>, make: () => Promise<T>): Revalidation<T> => {
    const at = now();
    const done = make().then(
      (value) => {
        entry.made = { value, at, freshMs: options.freshMs(now() - at) };
        entry.revalidation = null;
        shelf.put(key, entry);
        return value;
      },
      (error: unknown) => {
        entry.revalidation = null;
        entry.retryAt = now() + RETRY_MS;
        if (entry.made === null || error instanceof NotFoundError) shelf.remove(key, entry);
        throw error;
      },
    );
    entry.revalidation = trackRevalidation(done);
    return entry.revalidation;
  };
  return {
    async get(key, make) {
      const entry = shelf.take(key);
      const { made } = entry;
      const age = made === null ? Number.POSITIVE_INFINITY : now() - made.at;
      if (made !== null && age < made.freshMs) return made.value;
      const usable = made !== null && age < KEEP_MS;
      if (usable && entry.revalidation === null && now() < entry.retryAt) return made.value;
      const revalidation = entry.revalidation ?? begin(key, entry, async () => make());
      if (!usable) return revalidation.done;
      if (age < 2 * made.freshMs || revalidation.late) return made.value;
      return Promise.race([
        valueOrOld(revalidation.done, made.value),
        revalidation.enough.then(() => made.value),
      ]);
    },
  };
}

function createEntries<T>(maxEntries: number) {
  const known = new Map<string, CacheEntry<T>>();
  const put = (key: string, entry: CacheEntry<T>): void => {
    known.delete(key);
    known.set(key, entry);
    const [oldest] = known.size > maxEntries ? known.keys() : [];
    if (oldest !== undefined) known.delete(oldest);
  };
  return {
    put,
    take(key: string): CacheEntry<T> {
      const found = known.get(key);
      if (found) return found;
      const entry: CacheEntry<T> = { made: null, revalidation: null, retryAt: 0 };
      put(key, entry);
      return entry;
    },
    remove(key: string, entry: CacheEntry<T>): void {
      if (known.get(key) === entry) known.delete(key);
    },
  };
}

function trackRevalidation<T>(done: Promise<T>): Revalidation<T> {
  // Callers that wait get the failure; where none waits it is no unhandled rejection.
  done.catch(() => undefined);
  const revalidation: Revalidation<T> = { done, enough: Promise.resolve(), late: false };
  revalidation.enough = new Promise((resolve) => {
    const timer = setTimeout(() => {
      revalidation.late = true;
      resolve();
    }, WAIT_MS);
    const over = () => clearTimeout(timer);
    done.then(over, over);
  });
  return revalidation;
}

async function valueOrOld<T>(done: Promise<T>, old: T): Promise<T> {
  try {
    return await done;
  } catch (error) {
    if (error instanceof NotFoundError) throw error;
    return old;
  }
}
