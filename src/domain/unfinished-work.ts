/** What is begun by visitors and may stay unfinished: each kind has its own count. */
export const WORK_KINDS = [
  /** Words that were chosen, and ways to a network that were begun, with no pledge yet. */
  'join',
  /** Servers and handles that were asked for and led to nothing. */
  'lookup',
  /** Addresses of posts that could not be seen. */
  'link',
  /** Reminders that were asked for and have not been confirmed. */
  'mail',
  /** Secrets that were wrong: keys, links, codes. */
  'guess',
] as const;
export type WorkKind = (typeof WORK_KINDS)[number];

interface Place {
  network: string | null;
  kind: WorkKind;
  /** Milliseconds, of the clock that the caller goes by. */
  until: number;
}

/** Unfinished work of one process, in memory. A network is any word that stands for one; null: it is not known which. */
export interface UnfinishedWork {
  /** Takes a place. One with this id is replaced. */
  hold(id: string, network: string | null, kind: WorkKind, now: number): void;
  /** Gives another id to a place, and all of its time anew. False where there is none. */
  move(id: string, to: string, now: number): boolean;
  has(id: string, now: number): boolean;
  /** Gives a place back. */
  release(id: string): void;
  countOf(network: string, kind: WorkKind, now: number): number;
  /** Of all networks together. */
  total(kind: WorkKind, now: number): number;
}

/** `lifeMs`: what was begun longer ago than this counts as given up, and its place is free. */
export function createUnfinishedWork(lifeMs: number): UnfinishedWork {
  // In the order of their end, since all live equally long.
  const places = new Map<string, Place>();
  const counts = new Map<string, number>();
  const add = (key: string, by: 1 | -1): void => {
    const count = (counts.get(key) ?? 0) + by;
    if (count > 0) counts.set(key, count);
    else counts.delete(key);
  };
  const count = ({ network, kind }: Place, by: 1 | -1): void => {
    add(kind, by);
    if (network !== null) add(`${kind} ${network}`, by);
  };
  const release = (id: string): void => {
    const place = places.get(id);
    if (place && places.delete(id)) count(place, -1);
  };
  const expire = (now: number): void => {
    for (const [id, { until }] of places) {
      if (until > now) return;
      release(id);
    }
  };
  const hold: UnfinishedWork['hold'] = (id, network, kind, now) => {
    release(id);
    const place = { network, kind, until: now + lifeMs };
    places.set(id, place);
    count(place, 1);
  };
  return {
    hold,
    release,
    has(id, now) {
      expire(now);
      return places.has(id);
    },
    move(id, to, now) {
      expire(now);
      const place = places.get(id);
      if (!place) return false;
      release(id);
      hold(to, place.network, place.kind, now);
      return true;
    },
    countOf(network, kind, now) {
      expire(now);
      return counts.get(`${kind} ${network}`) ?? 0;
    },
    total(kind, now) {
      expire(now);
      return counts.get(kind) ?? 0;
    },
  };
}
