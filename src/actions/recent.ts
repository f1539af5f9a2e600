import { NotFoundError } from '../domain/errors.ts';

/** What was made a moment ago, for everybody who asks: one of a thousand who ask at once has it made. */
export interface Recent<T> {
  /**
   * What is kept under `key`, or what `make` gives. @throws what `make` throws, where there is nothing young enough to give
   * instead. NotFoundError always counts: what is not there any more is not shown from memory.
   */
  get(key: string, make: () => Promise<T>): Promise<T>;
}

export interface RecentOptions {
  /**
   * Milliseconds for which a thing is given as it is, by how long it took to make. Until twice that it is still given, while a
   * new one is being made; older than that, whoever asks waits for the new one.
   */
  freshMs(tookMs: number): number;
  /** The most things kept; those made longest ago are forgotten first. */
  most: number;
  /** A clock in milliseconds that never goes back. */
  now?: () => number;
}

/** With an old one at hand, nobody waits longer for a new one. */
const WAIT_MS = 250;
/** While no new one can be had, the old one is given for so long. */
const KEEP_MS = 60_000;
/** After a failure, so long until the next try. */
const RETRY_MS = 500;

interface Made<T> {
  value: T;
  /** When making it began: what it tells is at least as new as that. */
  at: number;
  freshMs: number;
}

interface Entry<T> {
  made: Made<T> | null;
  flight: Flight<T> | null;
  retryAt: number;
}

interface Flight<T> {
  done: Promise<T>;
  /** Resolves when nobody who has an old one shall wait any longer. */
  enough: Promise<void>;
  late: boolean;
}

export function createRecent<T>(options: RecentOptions): Recent<T> {
  const now = options.now ?? (() => performance.now());
  const shelf = createShelf<T>(options.most);
  const begin = (key: string, entry: Entry<T>, make: () => Promise<T>): Flight<T> => {
    const at = now();
    const done = make().then(
      (value) => {
        entry.made = { value, at, freshMs: options.freshMs(now() - at) };
        entry.flight = null;
        shelf.put(key, entry);
        return value;
      },
      (error: unknown) => {
        entry.flight = null;
        entry.retryAt = now() + RETRY_MS;
        if (entry.made === null || error instanceof NotFoundError) shelf.remove(key, entry);
        throw error;
      },
    );
    entry.flight = flightOf(done);
    return entry.flight;
  };
  return {
    async get(key, make) {
      const entry = shelf.take(key);
      const { made } = entry;
      const age = made === null ? Number.POSITIVE_INFINITY : now() - made.at;
      if (made !== null && age < made.freshMs) return made.value;
      const usable = made !== null && age < KEEP_MS;
      if (usable && entry.flight === null && now() < entry.retryAt) return made.value;
      const flight = entry.flight ?? begin(key, entry, async () => make());
      if (!usable) return flight.done;
      if (age < 2 * made.freshMs || flight.late) return made.value;
      return Promise.race([orOld(flight.done, made.value), flight.enough.then(() => made.value)]);
    },
  };
}

function createShelf<T>(most: number) {
  const known = new Map<string, Entry<T>>();
  const put = (key: string, entry: Entry<T>): void => {
    known.delete(key);
    known.set(key, entry);
    const [oldest] = known.size > most ? known.keys() : [];
    if (oldest !== undefined) known.delete(oldest);
  };
  return {
    put,
    take(key: string): Entry<T> {
      const found = known.get(key);
      if (found) return found;
      const entry: Entry<T> = { made: null, flight: null, retryAt: 0 };
      put(key, entry);
      return entry;
    },
    remove(key: string, entry: Entry<T>): void {
      if (known.get(key) === entry) known.delete(key);
    },
  };
}

function flightOf<T>(done: Promise<T>): Flight<T> {
  // Whoever waits hears of a failure; often nobody does.
  done.catch(() => undefined);
  const flight: Flight<T> = { done, enough: Promise.resolve(), late: false };
  flight.enough = new Promise((resolve) => {
    const timer = setTimeout(() => {
      flight.late = true;
      resolve();
    }, WAIT_MS);
    const over = () => clearTimeout(timer);
    done.then(over, over);
  });
  return flight;
}

async function orOld<T>(done: Promise<T>, old: T): Promise<T> {
  try {
    return await done;
  } catch (error) {
    if (error instanceof NotFoundError) throw error;
    return old;
  }
}
