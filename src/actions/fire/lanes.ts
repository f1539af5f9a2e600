/** A number of places; whoever finds none free waits for one, first come, first served. */
export interface Lanes {
  /** Resolves with the function that gives the place back. */
  enter(): Promise<() => void>;
}

export function createLanes(count: number): Lanes {
  let free = count;
  const waiting: (() => void)[] = [];
  const leave = (): void => {
    const next = waiting.shift();
    if (next) next();
    else free++;
  };
  return {
    enter: async () => {
      if (free > 0) free--;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      return leave;
    },
  };
}
