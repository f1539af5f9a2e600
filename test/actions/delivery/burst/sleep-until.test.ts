import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { sleepUntil } from '../../../../src/actions/delivery/burst/sleep-until.ts';
import { type Clock, createClock } from '../../../../src/context.ts';

const NEVER = new AbortController().signal;

/** A clock that stands still until it is put forward, so that a busy machine changes nothing; it counts how often it is looked at. */
function standing(): Clock & { looks: number } {
  const clock = createClock();
  const since = clock.now();
  const counting = Object.assign(clock, { looks: 0 });
  counting.now = () => {
    counting.looks++;
    return since + clock.offset.offsetMs;
  };
  return counting;
}

it.each([0, 5, 19, 21, 60, 250])(
  'waits until the clock shows an instant %i ms from now, and never less',
  async (ms) => {
    const clock = createClock();
    const instant = clock.now() + ms;
    expect(await sleepUntil(clock, instant, NEVER)).toBe(true);
    expect(clock.now()).toBeGreaterThanOrEqual(instant);
  },
);

it('waits for the error of the clock, too', async () => {
  const clock = createClock({ offsetMs: 3_000, errorMs: 45 });
  const instant = clock.now() + 30;
  expect(await sleepUntil(clock, instant, NEVER)).toBe(true);
  expect(clock.now()).toBeGreaterThanOrEqual(instant + 45);
});

it('does not wait for what is past', async () => {
  const clock = createClock();
  const begun = clock.now();
  expect(await sleepUntil(clock, begun - 5_000, NEVER)).toBe(true);
  expect(clock.now() - begun).toBeLessThan(4_000);
});

it('sleeps while the instant is not near', async () => {
  const clock = standing();
  const begun = performance.now();
  const waiting = sleepUntil(clock, clock.now() + 400, NEVER);
  await sleep(300);
  const naps = 1 + Math.floor((performance.now() - begun) / 385);
  // A look before each nap, and one for its length.
  expect(clock.looks).toBeLessThanOrEqual(2 + 2 * naps);
  clock.offset = { offsetMs: 400, errorMs: 0 };
  expect(await waiting).toBe(true);
});

it('ends at once long before the instant when it is to stop', async () => {
  const clock = createClock();
  const stopping = new AbortController();
  const begun = clock.now();
  const waiting = sleepUntil(clock, begun + 5_000, stopping.signal);
  setTimeout(() => stopping.abort(), 40);
  expect(await waiting).toBe(false);
  // Long before the instant, however busy the machine is.
  expect(clock.now() - begun).toBeLessThan(4_000);
});

it('ends in the last milliseconds, too, when it is to stop', async () => {
  const clock = standing();
  const stopping = new AbortController();
  const waiting = sleepUntil(clock, clock.now() + 15, stopping.signal);
  setTimeout(() => stopping.abort(), 5);
  expect(await waiting).toBe(false);
  // It gives the event loop its turn between looks, and looks at every turn.
  expect(clock.looks).toBeGreaterThan(1);
});

it.each([5_000, 10, -10])(
  'says no when it was to stop before, %i ms before the instant',
  async (ms) => {
    const clock = createClock();
    const begun = clock.now();
    expect(await sleepUntil(clock, begun + ms, AbortSignal.abort())).toBe(false);
    // Long before the instant, however busy the machine is.
    expect(clock.now() - begun).toBeLessThan(4_000);
  },
);

it('follows a clock that is put forward while it waits', async () => {
  const clock = createClock();
  const begun = performance.now();
  const waiting = sleepUntil(clock, clock.now() + 60_000, NEVER);
  setTimeout(() => {
    clock.offset = { offsetMs: 60_000, errorMs: 0 };
  }, 100);
  expect(await waiting).toBe(true);
  expect(performance.now() - begun).toBeLessThan(3_000);
});

it('follows a clock that is put back while it waits', async () => {
  const clock = createClock();
  const instant = clock.now() + 200;
  const waiting = sleepUntil(clock, instant, NEVER);
  setTimeout(() => {
    clock.offset = { offsetMs: -300, errorMs: 0 };
  }, 100);
  expect(await waiting).toBe(true);
  expect(clock.now()).toBeGreaterThanOrEqual(instant);
});
