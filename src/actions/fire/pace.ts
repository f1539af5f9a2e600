/** How many posts of a burst may be marked now, where a host is to get no more than so many a second. */
export interface Pace {
  /** Takes as many as there are, up to `most`. */
  take(most: number): number;
}

const FREE: Pace = { take: (most) => most };

/**
 * `perSecond`: undefined for a host that takes what it gets. A second's worth may go at once, and then they go evenly: a small
 * server is not to be hit by thousands in one second. `now`: monotonic, ms.
 */
export function createPace(perSecond: number | undefined, now = () => performance.now()): Pace {
  if (perSecond === undefined) return FREE;
  let left = perSecond;
  let last = now();
  return {
    take: (most) => {
      const at = now();
      left = Math.min(perSecond, left + ((at - last) / 1000) * perSecond);
      last = at;
      const taken = Math.min(most, Math.floor(left));
      left -= taken;
      return taken;
    },
  };
}
