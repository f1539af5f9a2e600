import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ClockBounds,
  isClockOff,
  medianClock,
  middleOfBounds,
  narrow,
  toClockBounds,
} from '../../src/domain/network-time.ts';
import { createNetworkClock } from '../../src/outbound/wire/network-clock.ts';

/** What a server whose clock is `aheadMs` ahead of ours says, when it is asked at `at` and answers in the middle of `tookMs`. */
function answer(aheadMs: number, at: number, tookMs: number): ClockBounds {
  const dateMs = Math.floor((at + tookMs / 2 + aheadMs) / 1_000) * 1_000;
  return toClockBounds({ dateMs, sentAtMs: at, receivedAtMs: at + tookMs });
}

const ahead = fc.integer({ min: -200_000, max: 200_000 });
const asked = fc.array(
  fc.record({ at: fc.integer({ min: 1e12, max: 2e12 }), took: fc.integer({ min: 0, max: 900 }) }),
  { minLength: 1, maxLength: 8 },
);

describe('A2 the clock of a network', () => {
  it('A2 is never outside of what its answers say, however long they took', () => {
    fc.assert(
      fc.property(ahead, asked, (aheadMs, answers) => {
        const bounds = narrow(answers.map(({ at, took }) => answer(aheadMs, at, took)));
        expect(bounds).not.toBeNull();
        expect(bounds?.min).toBeLessThanOrEqual(aheadMs);
        expect(bounds?.max).toBeGreaterThanOrEqual(aheadMs);
      }),
    );
  });

  it('A2 is no alarm where it is right, and one from two seconds on, by the first quick answer', () => {
    fc.assert(
      fc.property(ahead, fc.integer({ min: 1e12, max: 2e12 }), (aheadMs, at) => {
        const off = isClockOff(answer(aheadMs, at, 0));
        if (Math.abs(aheadMs) >= 2_000) expect(off).toBe(true);
        if (Math.abs(aheadMs) < 1_000) expect(off).toBe(false);
      }),
    );
    // A slow answer proves nothing.
    expect(
      isClockOff(toClockBounds({ dateMs: 5_000, sentAtMs: 2_000, receivedAtMs: 12_000 })),
    ).toBe(false);
  });

  it('A2 follows a clock that has been set, and leaves what it said before', () => {
    const before = answer(-90_000, 1e12, 10);
    const after = answer(0, 1e12 + 60_000, 10);
    expect(Math.abs(middleOfBounds(narrow([after, before]) as ClockBounds))).toBeLessThan(1_000);
  });

  it('A2 is the median of several, the nearer of two', () => {
    const at = (ms: number) => ({ min: ms - 400, max: ms + 400 });
    expect(medianClock([])).toBeNull();
    expect(medianClock([at(-90_000), at(0), at(100)])).toEqual(at(0));
    expect(medianClock([at(-90_000), at(100)])).toEqual(at(100));
    expect(medianClock([at(-90_000), at(-89_000), at(0)])).toEqual(at(-89_000));
  });
});

describe('A2 what answers tell', () => {
  const CONFIGURED = 'https://api.x.example';
  const NAMED = 'https://social.example';
  const dateOf = (aheadMs: number) => new Date(Date.now() + aheadMs).toUTCString();

  function heard(origin: string, headers: Record<string, string | string[]>) {
    const clock = createNetworkClock([`${CONFIGURED}/2`]);
    const now = performance.now();
    clock.observe(origin, headers, now - 20, now);
    return clock.opinion();
  }

  it('A2 tells hosts of the configuration from servers that supporters name', () => {
    const date = dateOf(-90_000);
    const configured = heard(CONFIGURED, { date });
    expect(configured.named).toBeNull();
    expect(configured.configured?.hosts).toEqual(['api.x.example']);
    expect(isClockOff(configured.configured?.bounds as ClockBounds)).toBe(true);
    expect(heard(NAMED, { date }).configured).toBeNull();
    expect(heard(NAMED, { date }).named?.hosts).toEqual(['social.example']);
  });

  it.each([
    ['no Date', {}],
    ['two of them', { date: [dateOf(0), dateOf(-90_000)] }],
    ['one of another form', { date: '2026-11-29T10:00:00Z' }],
    ['nonsense', { date: 'Mon, 99 Foo 2026 10:00:00 GMT' }],
    ['an answer that a cache has kept', { date: dateOf(-90_000), age: '90' }],
  ])('A2 does not go by %s', (_what, headers) => {
    expect(heard(CONFIGURED, headers as Record<string, string>).configured).toBeNull();
  });
});
