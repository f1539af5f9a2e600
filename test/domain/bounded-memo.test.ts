import { expect, it } from 'vitest';
import { createBoundedMemo } from '../../src/domain/bounded-memo.ts';

it('a memory makes each thing once, and forgets the oldest when it is full', () => {
  const remember = createBoundedMemo<string>(2);
  const made: string[] = [];
  const ask = (key: string): string =>
    remember(key, () => {
      made.push(key);
      return `made ${key}`;
    });
  expect([ask('a'), ask('b'), ask('a')]).toEqual(['made a', 'made b', 'made a']);
  expect(made).toEqual(['a', 'b']);
  ask('c');
  ask('b');
  ask('a');
  expect(made).toEqual(['a', 'b', 'c', 'a']);
});
