import fc from 'fast-check';
import twitterText from 'twitter-text';
import { expect, test } from 'vitest';
import { draw, logNormal } from '../../src/simulator/dice.ts';
import { fits } from '../../src/simulator/x/text.ts';

const words = [
  'e.org ',
  'https://example.org/a ',
  '日本',
  '👨‍👩‍👧‍👦',
  'क़',
  '\ufb2c',
  '…',
  'a'.repeat(30),
];

test.each([
  ['words', fc.array(fc.constantFrom(...words), { maxLength: 24, size: 'max' })],
  [
    'anything',
    fc.array(fc.string({ unit: 'binary', maxLength: 60, size: 'max' }), {
      maxLength: 8,
      size: 'max',
    }),
  ],
])('fits agrees with twitter-text on %s', (_what, pieces) => {
  let long = 0;
  fc.assert(
    fc.property(pieces, (some) => {
      const text = some.join('');
      const expected = twitterText.parseTweet(text).weightedLength <= 280;
      if (!expected) long++;
      expect(fits(text)).toBe(expected);
    }),
    { numRuns: 300, seed: 7 },
  );
  expect(long).toBeGreaterThan(5);
});

test.each(['\u0958', '\ufb2c', '\u0344'])('fits composes before it counts: %j', (letter) => {
  const text = letter.repeat(150);
  expect(fits(text)).toBe(twitterText.parseTweet(text).weightedLength <= 280);
  expect(fits(text)).toBe(false);
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
