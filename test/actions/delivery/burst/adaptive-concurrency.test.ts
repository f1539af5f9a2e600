import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createAdaptiveConcurrency } from '../../../../src/actions/delivery/burst/adaptive-concurrency.ts';

/** A clock that is moved by hand, of a process that is at work for this share of its time. */
function clockOf(share: number) {
  let ms = 0;
  return { now: () => ms, busySince: () => share, pass: (some: number) => (ms += some) };
}

const idle = () => clockOf(0.2);

const TICK_MS = 20;

/** Keeps every place taken for a while; the platform answers so many posts a millisecond when it is asked by so many. */
function serve(
  concurrency: ReturnType<typeof createAdaptiveConcurrency>,
  clock: ReturnType<typeof clockOf>,
  forMs: number,
  rate: (width: number) => number,
): number[] {
  const widths: number[] = [];
  let owed = 0;
  for (let ms = 0; ms < forMs; ms += TICK_MS) {
    clock.pass(TICK_MS);
    for (owed += rate(concurrency.limit()) * TICK_MS; owed >= 1; owed--) concurrency.onPosted();
    concurrency.adjust(true);
    widths.push(concurrency.limit());
  }
  return widths;
}

describe('the width of a burst', () => {
  test('is small until the platform has taken a post, and then what its answer time asks for', () => {
    const concurrency = createAdaptiveConcurrency(50, 2_048, idle());
    const before = concurrency.limit();
    expect(before).toBeLessThanOrEqual(64);
    expect(concurrency.target()).toBe(500);
    concurrency.onPosted();
    expect(concurrency.limit()).toBe(500);
    expect(concurrency.target()).toBe(500);
  });

  test('is small, though proven, where the greeting was not answered in time to tell', () => {
    const clock = idle();
    const concurrency = createAdaptiveConcurrency(null, 2_048, clock);
    concurrency.onPosted();
    const before = concurrency.limit();
    expect(before).toBeLessThanOrEqual(64);
    // What the platform takes does not widen it by itself.
    concurrency.onPosted();
    expect(concurrency.limit()).toBe(before);
    clock.pass(1_000);
    concurrency.adjust(true);
    expect(concurrency.limit()).toBeGreaterThan(before);
  });

  test('grows while every place is taken and the process idles, and only then', () => {
    const grows = (full: boolean, share: number, proven = true): boolean => {
      const clock = clockOf(share);
      const concurrency = createAdaptiveConcurrency(50, 2_048, clock);
      if (proven) concurrency.onPosted();
      const before = concurrency.target();
      clock.pass(1_000);
      concurrency.adjust(full);
      return concurrency.target() > before;
    };
    expect(grows(true, 0.2)).toBe(true);
    expect(grows(false, 0.2)).toBe(false);
    expect(grows(true, 1)).toBe(false);
    expect(grows(true, 0.2, false)).toBe(false);
  });

  test('finds out how slow a platform is that answered its greeting at once', () => {
    const clock = idle();
    const concurrency = createAdaptiveConcurrency(2, 2_048, clock);
    // Whatever it is asked, it answers after 150 ms.
    const widths = serve(concurrency, clock, 3_000, (asked) => asked / 150);
    expect(widths.at(-1)).toBeGreaterThan(1_024);
    const steps = widths.slice(1).map((now, i) => now - (widths[i] as number));
    expect(Math.max(...steps)).toBeLessThanOrEqual(256);
  });

  test('leaves a platform alone that has enough: more places only make what waits there longer', () => {
    const clock = idle();
    const concurrency = createAdaptiveConcurrency(50, 2_048, clock);
    const widths = serve(concurrency, clock, 20_000, () => 2);
    expect(Math.max(...widths)).toBeLessThanOrEqual(2 * 500);
    const wide = widths.filter((now) => now > 500).length;
    expect(wide).toBeLessThan(widths.length / 4);
  });

  test('goes on growing after a rest, when the platform has room again', () => {
    const clock = idle();
    const concurrency = createAdaptiveConcurrency(50, 2_048, clock);
    serve(concurrency, clock, 5_000, () => 2);
    const widths = serve(concurrency, clock, 10_000, (asked) => asked / 200);
    expect(widths.at(-1)).toBeGreaterThan(1_000);
  });

  test('is never more than the platform allows, whatever it took and however often it grew', () => {
    const answer = fc.option(fc.double({ min: 0, max: 60_000, noNaN: true }));
    const most = fc.integer({ min: 1, max: 4_096 });
    fc.assert(
      fc.property(answer, most, fc.nat(30), (answerMs, limit, times) => {
        const clock = idle();
        const concurrency = createAdaptiveConcurrency(answerMs, limit, clock);
        expect(concurrency.limit()).toBeLessThanOrEqual(limit);
        for (let i = 0; i < times; i++) serve(concurrency, clock, 500, (asked) => asked / 100);
        expect(concurrency.limit()).toBeGreaterThan(0);
        expect(concurrency.limit()).toBeLessThanOrEqual(limit);
      }),
      { numRuns: 50 },
    );
  });
});
