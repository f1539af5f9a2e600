import { setTimeout as sleep } from 'node:timers/promises';
import type { Chance } from './chance.ts';
import { type Fleet, type Slot, STOP_WITHIN_MS } from './fleet.ts';
import type { Links } from './links.ts';
import type { EventName } from './options.ts';
import type { Pace } from './pace.ts';

/** So many kills to one event. */
const KILLS_EACH = 20;
/** A stopped process sleeps longer than any lease lasts. */
const PAUSE_MS = 6_000;
/** How long a server is out of reach. */
const OFF_MS = { from: 1_000, to: 3_000 } as const;

/** What the events did and found. */
export interface EventFigures {
  counts: Partial<Record<EventName, number>>;
  /** The slowest polite stop, in ms. */
  slowestStopMs: number;
  /** Deliveries that a worker left in `sending` when it stopped politely. */
  leftBySigterm: number;
  problems: string[];
}

export interface EventParts {
  names: readonly EventName[];
  /** How many happen in all. */
  total: number;
  chance: Chance;
  pace: Pace;
  fleet: Fleet;
  turn: Links['turn'];
  /** Only asked for where `database` is among the names. */
  restartDatabase: (() => Promise<void>) | null;
  flushQueue(): Promise<void>;
  /** Deliveries in `sending` of the worker with this process id, or of nobody. */
  sendingOf(pid: number): Promise<number>;
  signal: AbortSignal;
}

/** How many events there are to be of these names, for so many kills. */
export function countEvents(names: readonly EventName[], times: number | null, kills: number) {
  if (names.length === 0) return 0;
  return times === null
    ? Math.max(names.length, Math.ceil(kills / KILLS_EACH))
    : names.length * times;
}

/** Makes the events happen in turn, spread over the whole run, one at a time. */
export async function runEvents(parts: EventParts): Promise<EventFigures> {
  const figures: EventFigures = { counts: {}, slowestStopMs: 0, leftBySigterm: 0, problems: [] };
  const { names, total } = parts;
  let round: EventName[] = [];
  for (let done = 0; done < total; done++) {
    while (parts.pace.progress() < done / total || parts.pace.nearestMoment() === null) {
      await sleep(50, null, { signal: parts.signal });
    }
    if (round.length === 0) round = parts.chance.shuffle(names);
    const name = round.pop();
    if (!name) break;
    await happen(name, parts, figures);
    figures.counts[name] = (figures.counts[name] ?? 0) + 1;
    parts.pace.events++;
  }
  return figures;
}

async function happen(name: EventName, parts: EventParts, figures: EventFigures): Promise<void> {
  const { chance, turn } = parts;
  switch (name) {
    case 'flush':
      await untilBurst(parts);
      return parts.flushQueue();
    case 'database':
      await untilBurst(parts);
      return parts.restartDatabase?.();
    case 'redis-off':
    case 'database-off': {
      const link = name === 'redis-off' ? 'redis' : 'database';
      await untilBurst(parts);
      turn(link, chance.next() < 0.5 ? 'cut' : 'silent');
      await sleep(chance.between(OFF_MS.from, OFF_MS.to));
      return turn(link, 'open');
    }
    case 'term':
      return stopOne(parts, figures);
    case 'pause':
      return pauseOne(parts);
  }
}

/** Any instant from a little before the nearest moment to a second after it; at once when that is over. */
async function untilBurst({ chance, pace, signal }: EventParts): Promise<void> {
  const at = (pace.nearestMoment() ?? 0) + chance.between(-300, 1_000);
  await sleep(Math.max(0, at - Date.now()), null, { signal });
}

/** SIGTERM: it must end soon, tell no error and leave nothing in doubt. */
async function stopOne(parts: EventParts, figures: EventFigures): Promise<void> {
  await untilBurst(parts);
  await withOne(parts, async ({ child }) => {
    if (!child) return;
    const asked = performance.now();
    const timer = setTimeout(() => child.signal('SIGKILL'), 2 * STOP_WITHIN_MS);
    child.signal('SIGTERM');
    const { code, signal } = await child.exit;
    clearTimeout(timer);
    const took = performance.now() - asked;
    figures.slowestStopMs = Math.max(figures.slowestStopMs, took);
    figures.leftBySigterm += await parts.sendingOf(child.pid);
    if (code !== 0 || took > STOP_WITHIN_MS) {
      figures.problems.push(`SIGTERM: ended with ${code ?? signal} after ${Math.round(took)} ms`);
    }
  });
}

/** SIGSTOP past the lease, then SIGCONT: it wakes up with a fence that is no longer good. */
async function pauseOne(parts: EventParts): Promise<void> {
  await untilBurst(parts);
  await withOne(parts, async ({ child }) => {
    child?.signal('SIGSTOP');
    await sleep(PAUSE_MS);
    child?.signal('SIGCONT');
    // It must get the time to do harm.
    await sleep(500);
  });
}

/** Waits for a worker that is up, and keeps the killer's hands off it meanwhile. */
async function withOne(
  { fleet, chance, signal }: EventParts,
  act: (slot: Slot) => Promise<void>,
): Promise<void> {
  for (;;) {
    const slot = chance.pick(fleet.slots.filter((one) => one.ready && one.child?.ended === false));
    if (slot) {
      slot.held = true;
      await act(slot);
      slot.held = false;
      return;
    }
    await sleep(20, null, { signal });
  }
}
