import { expect, it } from 'vitest';
import { slowestLines } from './slowest.ts';

it('names those that took longest, slowest first, in seconds', () => {
  const all = [
    { name: 'quick', ms: 4 },
    { name: 'slow', ms: 61_250 },
    { name: 'middling', ms: 1_500 },
  ];
  expect(slowestLines(all, 2)).toEqual(['   61.3 s  slow', '    1.5 s  middling']);
});
