import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTokenBucket } from '../../../../src/actions/delivery/burst/token-bucket.ts';

describe('the pace of a burst', () => {
  it('is as fast as it is asked where there is none', () => {
    expect(createTokenBucket(undefined).take(1_000_000)).toBe(1_000_000);
  });

  it('never gives more than a second’s worth at once and so many a second after it, and uses them up', () => {
    const steps = fc.array(fc.record({ ms: fc.nat(5_000), most: fc.nat(300) }), { minLength: 1 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), steps, (perSecond, asked) => {
        let at = 0;
        let taken = 0;
        const bucket = createTokenBucket(perSecond, () => at);
        for (const { ms, most } of asked) {
          at += ms;
          const now = bucket.take(most);
          taken += now;
          expect(now).toBeLessThanOrEqual(Math.min(most, perSecond));
          expect(taken).toBeLessThanOrEqual(perSecond + (at / 1000) * perSecond + 1e-6);
        }
        at += 1_000;
        expect(bucket.take(perSecond)).toBe(perSecond);
      }),
    );
  });
});
