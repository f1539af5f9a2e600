import fc from 'fast-check';
import twitterText from 'twitter-text';
import { expect, test } from 'vitest';
import { draw, logNormal } from '../../src/simulator/dice.ts';
import { fits } from '../../src/simulator/x/text.ts';

test('fits agrees with twitter-text, whatever the text', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.constantFrom(
      'https://example.org/a ',
      'e.org ',
      '👨‍👩‍👧‍👦',
      '日',
      'क़',
      '\ufb2c',
      '…',
      'a'.repeat(40),
    ),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const text = pieces.join('');
      expect(fits(text)).toBe(twitterText.parseTweet(text).weightedLength <= 280);
    }),
    { numRuns: 500, seed: 7 },
  );
});

test('draws are even, and depend on everything they are given', () => {
  const draws = Array.from({ length: 10_000 }, (_, n) => draw(1, 'fault', `person${n % 100}`, n));
  const mean = draws.reduce((sum, one) => sum + one, 0) / draws.length;
  expect(mean).toBeCloseTo(0.5, 1);
  expect(new Set(draws).size).toBeGreaterThan(9_990);
  expect(draw(1, 'a', 'b', 1)).not.toBe(draw(2, 'a', 'b', 1));
  expect(draw(1, 'a', 'b', 1)).not.toBe(draw(1, 'c', 'b', 1));
});

test('half of the log-normal latencies lie below the median', () => {
  const all = Array.from({ length: 10_000 }, (_, n) =>
    logNormal(150, 0.5, draw(1, 'u1', 'a', n), draw(1, 'u2', 'a', n)),
  );
  const below = all.filter((one) => one < 150).length;
  expect(below / all.length).toBeCloseTo(0.5, 1);
  expect(Math.min(...all)).toBeGreaterThan(0);
});
