import { setTimeout as sleep } from 'node:timers/promises';
import { type Child, type ChildOptions, startChild } from '../support/child.ts';
import type { Chance } from './chance.ts';
import type { Pace } from './pace.ts';

/** Half of the kills are aimed at a burst, from so long before its moment to so long after. */
const AIM_MS = { from: -200, to: 1_200 } as const;
/** The others come at any instant of a worker's first seconds. */
const LIFE_MS = 2_000;
const START_AGAIN_MS = 250;
/** What a polite stop may take. */
export const STOP_WITHIN_MS = 10_000;

/** A place for one worker process; when that ends, however it does, another takes the place. */
export interface Slot {
  readonly number: number;
  child: Child | null;
  /** It has said that it is ready, and lives. */
  ready: boolean;
  /** Somebody else decides about its life just now. */
  held: boolean;
}

export interface Fleet {
  readonly slots: readonly Slot[];
  readonly figures: { starts: number; failedStarts: number; unexpectedEnds: string[] };
  /** Sends SIGTERM to all and waits. Returns the milliseconds that the slowest took. */
  stop(): Promise<number>;
  /** SIGKILL for all, where everything else failed. */
  abandon(): void;
}

export interface FleetOptions {
  workers: number;
  pace: Pace;
  chanceOf(slot: number): Chance;
  /** What to start in a place. */
  command(slot: number): ChildOptions;
  ready: RegExp;
  /** Called with the process id after each kill, when the process has ended. */
  onKilled?(pid: number): void;
}

/** Starts worker processes, keeps each place filled, and kills at instants of chance for as long as the pace has kills. */
export function startFleet(options: FleetOptions): Fleet {
  const slots = Array.from({ length: options.workers }, (_, number): Slot => {
    return { number, child: null, ready: false, held: false };
  });
  const figures: Fleet['figures'] = { starts: 0, failedStarts: 0, unexpectedEnds: [] };
  const state = { ended: false };
  const keeping = slots.map((slot) => keep(options, slot, figures, state));
  return {
    slots,
    figures,
    stop: async () => {
      state.ended = true;
      const asked = performance.now();
      for (const { child } of slots) child?.signal('SIGTERM');
      await Promise.all(keeping);
      return performance.now() - asked;
    },
    abandon: () => {
      state.ended = true;
      for (const { child } of slots) child?.signal('SIGKILL');
    },
  };
}

async function keep(
  options: FleetOptions,
  slot: Slot,
  figures: Fleet['figures'],
  state: { ended: boolean },
): Promise<void> {
  const chance = options.chanceOf(slot.number);
  while (!state.ended) {
    const child = await startChild(options.command(slot.number));
    slot.child = child;
    slot.ready = await child.line(options.ready).then(
      () => true,
      () => false,
    );
    if (slot.ready && !state.ended) {
      figures.starts += 1;
      const expected = await live(options, slot, child, chance, state);
      if (!expected) figures.unexpectedEnds.push(child.output().slice(-500));
    } else if (!state.ended) {
      figures.failedStarts += 1;
      child.signal('SIGKILL');
      await sleep(START_AGAIN_MS);
    }
    slot.ready = false;
    if (state.ended) child.signal('SIGTERM');
    const late = setTimeout(() => child.signal('SIGKILL'), 2 * STOP_WITHIN_MS);
    await child.exit;
    clearTimeout(late);
  }
}

/** Until the process ends, by us or by others. False when nobody meant it to. */
async function live(
  { pace, onKilled }: FleetOptions,
  slot: Slot,
  child: Child,
  chance: Chance,
  state: { ended: boolean },
): Promise<boolean> {
  while (!child.ended && !state.ended) {
    const mayDie = !slot.held && pace.mayKill();
    await Promise.race([sleep(mayDie ? untilDeath(chance, pace) : 25), child.exit]);
    if (child.ended || state.ended || !mayDie || slot.held || !pace.mayKill()) continue;
    pace.kills += 1;
    // Nobody picks one that is dying already.
    slot.ready = false;
    child.signal('SIGKILL');
    await child.exit;
    onKilled?.(child.pid);
    return true;
  }
  if (!child.ended) return true;
  return slot.held || (await child.exit).code === 0;
}

function untilDeath(chance: Chance, pace: Pace): number {
  const aimed = chance.next() < 0.5;
  const life = chance.between(0, LIFE_MS);
  const offset = chance.between(AIM_MS.from, AIM_MS.to);
  const moment = pace.nearestMoment();
  const left = moment === null ? -1 : moment + offset - Date.now();
  return aimed && left > 0 ? left : life;
}
