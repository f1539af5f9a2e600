/** How many posts of a burst may be marked now, where a host is to get no more than a given rate. */
export interface TokenBucket {
  /** Takes as many as there are, up to `most`. */
  take(max: number): number;
}

const UNLIMITED: TokenBucket = { take: (most) => most };

/**
 * `perSecond`: undefined for a host that takes what it gets. A second's worth may go at once, and then they go evenly: a small
 * server is not to be hit by thousands in one second. `now`: monotonic, ms.
 */
export function createTokenBucket(
  perSecond: number | undefined,
  now = () => performance.now(),
): TokenBucket {
  if (perSecond === undefined) return UNLIMITED;
  let tokens = perSecond;
  let last = now();
  return {
    take: (max) => {
      const at = now();
      tokens = Math.min(perSecond, tokens + ((at - last) / 1000) * perSecond);
      last = at;
      const taken = Math.min(max, Math.floor(tokens));
      tokens -= taken;
      return taken;
    },
  };
}
