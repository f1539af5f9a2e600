/** Work under way, at most so much of it at once. */
export interface Flight {
  /** Resolves once there is room for more. */
  room(): Promise<void>;
  /** Begins something; it must not reject. */
  launch(work: () => Promise<void>): void;
  /** Resolves once nothing is under way. */
  landed(): Promise<void>;
}

export function createFlight(most: number): Flight {
  let underWay = 0;
  let waiting: { least: number; go: () => void }[] = [];
  const wake = (): void => {
    const ready = waiting.filter((entry) => underWay <= entry.least);
    waiting = waiting.filter((entry) => underWay > entry.least);
    for (const entry of ready) entry.go();
  };
  const untilAtMost = async (least: number): Promise<void> => {
    if (underWay > least) await new Promise<void>((go) => waiting.push({ least, go }));
  };
  return {
    room: () => untilAtMost(most - 1),
    launch: (work) => {
      underWay++;
      void work().finally(() => {
        underWay--;
        wake();
      });
    },
    landed: () => untilAtMost(0),
  };
}
