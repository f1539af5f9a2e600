/** Work under way, at most so much of it at once. */
export interface Flight {
  isFull(): boolean;
  /** Resolves once there is room for more. */
  room(): Promise<void>;
  /** Begins something; it must not reject. */
  launch(work: () => Promise<void>): void;
  /** Resolves once nothing is under way. */
  landed(): Promise<void>;
}

/** `most` may change from one look to the next. */
export function createFlight(most: () => number): Flight {
  let underWay = 0;
  let waiting: { fits: () => boolean; go: () => void }[] = [];
  const wake = (): void => {
    const ready = waiting.filter((entry) => entry.fits());
    waiting = waiting.filter((entry) => !ready.includes(entry));
    for (const entry of ready) entry.go();
  };
  const until = async (fits: () => boolean): Promise<void> => {
    while (!fits()) await new Promise<void>((go) => waiting.push({ fits, go }));
  };
  return {
    isFull: () => underWay >= most(),
    room: () => until(() => underWay < most()),
    launch: (work) => {
      underWay++;
      void work().finally(() => {
        underWay--;
        wake();
      });
    },
    landed: () => until(() => underWay === 0),
  };
}
