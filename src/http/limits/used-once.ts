/** Remembers what has been used, for as long as it would be taken: a second use is refused. */
export interface UsedOnce {
  /** True the first time. `until`: when it would be refused anyway, in milliseconds. */
  use(token: string, until: number, now: number): boolean;
  isUsed(token: string): boolean;
}

export function createUsedOnce(): UsedOnce {
  let recent = new Map<string, number>();
  let pruneAt = 0;
  return {
    use(token, until, now) {
      if (now >= pruneAt) {
        recent = new Map([...recent].filter(([, end]) => end > now));
        pruneAt = now + 60_000;
      }
      if (recent.has(token)) return false;
      recent.set(token, until);
      return true;
    },
    isUsed: (token) => recent.has(token),
  };
}
