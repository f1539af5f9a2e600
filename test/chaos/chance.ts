import { draw } from '../../src/simulator/dice.ts';

/** Chance of a run that can be repeated: one stream of draws for each name, whatever the others draw and when. */
export interface Chance {
  /** From 0 up to, and without, 1. */
  next(): number;
  between(low: number, high: number): number;
  pick<T>(from: readonly T[]): T | undefined;
  /** A new array of the same in an order of chance. */
  shuffle<T>(what: readonly T[]): T[];
}

export function createChance(seed: number, name: string): Chance {
  let drawn = 0;
  const next = (): number => draw(seed, 'chaos', name, drawn++);
  return {
    next,
    between: (low, high) => low + (high - low) * next(),
    pick: (from) => from[Math.floor(next() * from.length)],
    shuffle: (what) => {
      const drawnFor = what.map((one) => ({ one, at: next() }));
      return drawnFor.sort((a, b) => a.at - b.at).map(({ one }) => one);
    },
  };
}
