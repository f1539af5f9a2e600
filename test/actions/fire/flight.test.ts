import { describe, expect, it } from 'vitest';
import { createFlight } from '../../../src/actions/fire/flight.ts';
import { createLanes } from '../../../src/actions/fire/lanes.ts';
import { createWidth } from '../../../src/actions/fire/width.ts';

/** Work that ends when it is told to. */
function held(): { work: () => Promise<void>; end: () => void } {
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { work: () => ended, end };
}

/** Whether a promise has settled by the time everything that is ready has run. */
async function settled(promise: Promise<unknown>): Promise<boolean> {
  let done = false;
  void promise.then(() => {
    done = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  return done;
}

describe('a flight', () => {
  it('has room for as many as it was made for, and again when one has landed', async () => {
    const flight = createFlight(() => 2);
    const first = held();
    const second = held();
    expect(await settled(flight.room())).toBe(true);
    flight.launch(first.work);
    expect(await settled(flight.room())).toBe(true);
    flight.launch(second.work);
    const room = flight.room();
    expect(await settled(room)).toBe(false);
    first.end();
    expect(await settled(room)).toBe(true);
    second.end();
  });

  it('has landed when nothing is under way', async () => {
    const flight = createFlight(() => Number.POSITIVE_INFINITY);
    expect(await settled(flight.landed())).toBe(true);
    const one = held();
    const other = held();
    flight.launch(one.work);
    flight.launch(other.work);
    const landed = flight.landed();
    one.end();
    expect(await settled(landed)).toBe(false);
    other.end();
    expect(await settled(landed)).toBe(true);
  });
});

describe('the width of a burst', () => {
  it('grows while all places are taken and there is time on hand, and not otherwise', () => {
    let now = 0;
    let busy = 0.2;
    const width = createWidth(
      () => now,
      () => busy,
    );
    const least = width.now();
    width.full();
    expect(width.now()).toBe(least);
    now += 1_000;
    width.full();
    expect(width.now()).toBeGreaterThan(least);
    const wider = width.now();
    busy = 0.99;
    now += 1_000;
    width.full();
    expect(width.now()).toBe(wider);
    busy = 0;
    for (let i = 0; i < 100; i++) {
      now += 1_000;
      width.full();
    }
    expect(width.now()).toBeLessThanOrEqual(512);
  });
});

describe('lanes', () => {
  it('let in as many as there are, and the next when one leaves, in the order of their coming', async () => {
    const lanes = createLanes(1);
    const leave = await lanes.enter();
    const second = lanes.enter();
    const third = lanes.enter();
    expect(await settled(second)).toBe(false);
    leave();
    expect(await settled(second)).toBe(true);
    expect(await settled(third)).toBe(false);
    (await second)();
    expect(await settled(third)).toBe(true);
  });
});
