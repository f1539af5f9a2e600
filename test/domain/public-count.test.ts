import { expect, it } from 'vitest';
import {
  FOLLOWERS_MAX,
  keptFollowers,
  publicCount,
  publicReach,
} from '../../src/domain/public-count.ts';

it('the public sees tens of those who have joined, from ten on', () => {
  expect([0, 9, 10, 19, 1_239].map(publicCount)).toEqual([null, null, 10, 10, 1_230]);
});

it('of an account’s followers two digits are kept, and nothing where nobody knows', () => {
  expect([0, 7, 99, 1_234, 9_999].map(keptFollowers)).toEqual([0, 7, 99, 1_200, 10_000]);
  expect([undefined, -1, Number.NaN, Number.POSITIVE_INFINITY].map(keptFollowers)).toEqual(
    Array(4).fill(null),
  );
});

it('A6 no account adds more to the reach than another that many follow', () => {
  expect([10_000, 12_345, 4_200_000, 9_999_999_999].map(keptFollowers)).toEqual(
    Array(4).fill(FOLLOWERS_MAX),
  );
});

it('the public sees two digits of the reach, from ten who have joined on', () => {
  expect(publicReach(123_456, 10)).toBe(120_000);
  expect(publicReach(123_456, 9)).toBeNull();
  expect(publicReach(0, 10)).toBeNull();
  expect(publicReach(null, 10)).toBeNull();
});
