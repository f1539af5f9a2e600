import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createWidth } from '../../../src/actions/fire/width.ts';

const idle = () => 0.2;
const busy = () => 1;

describe('the width of a burst', () => {
  test('is small until the platform has taken a post, and then what its answer time asks for', () => {
    const width = createWidth(50, 2_048, idle);
    const before = width.now();
    expect(before).toBeLessThanOrEqual(64);
    expect(width.most()).toBe(500);
    width.prove();
    expect(width.now()).toBe(500);
    expect(width.most()).toBe(500);
  });

  test('is small, though proven, where the greeting was not answered in time to tell', () => {
    const width = createWidth(null, 2_048, idle);
    width.prove();
    const before = width.now();
    expect(before).toBeLessThanOrEqual(64);
    // What the platform takes does not widen it by itself.
    width.prove();
    expect(width.now()).toBe(before);
    width.adjust(true);
    expect(width.now()).toBeGreaterThan(before);
  });

  test('grows while every place is taken and the process idles, and only then', () => {
    const grows = (full: boolean, share: () => number, proven = true): boolean => {
      const width = createWidth(50, 2_048, share);
      if (proven) width.prove();
      const before = width.most();
      width.adjust(full);
      return width.most() > before;
    };
    expect(grows(true, idle)).toBe(true);
    expect(grows(false, idle)).toBe(false);
    expect(grows(true, busy)).toBe(false);
    expect(grows(true, idle, false)).toBe(false);
  });

  test('is never more than the platform allows, whatever it took and however often it grew', () => {
    const answer = fc.option(fc.double({ min: 0, max: 60_000, noNaN: true }));
    const most = fc.integer({ min: 1, max: 4_096 });
    fc.assert(
      fc.property(answer, most, fc.nat(30), (answerMs, limit, times) => {
        const width = createWidth(answerMs, limit, idle);
        expect(width.now()).toBeLessThanOrEqual(limit);
        width.prove();
        for (let i = 0; i < times; i++) width.adjust(true);
        expect(width.now()).toBeGreaterThan(0);
        expect(width.now()).toBeLessThanOrEqual(limit);
      }),
    );
  });
});
